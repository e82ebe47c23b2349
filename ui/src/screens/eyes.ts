// The camera of a session: asked for, refused, taken away, given again. What the page says of it is
// here; what the session does about it is told to the session.
import type { ReactiveControllerHost } from "lit";
import { RefusedError } from "../api";
import { Camera, CannotSeeError, type Found } from "../camera";
import { t } from "../texts";

const ASKED_AFTER_MS = 900; // a browser that has leave already answers sooner

/** What is known is said as it stands. */
export const wordsOf = (cause: unknown): string =>
  cause instanceof CannotSeeError || cause instanceof RefusedError ? cause.message : String(cause);

export interface Watcher {
  found(found: Found): void;
  /** The camera is on, or off. */
  lit(on: boolean): void;
  /** There was a picture, and there is none any more, though nobody turned it off here. */
  taken(): void;
  trouble(cause: unknown): void;
}

export class Eyes {
  camera: Camera | null = null;
  light = false;
  /** Why there is no picture, as a sentence with what to do; empty where there is one. */
  blind = "";
  /** The browser asks the person, and waits. */
  asking = false;
  private leave: PermissionStatus | null = null;
  private later = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly watcher: Watcher,
  ) {}

  /** Asks for the camera; whether there is a picture now. */
  async open(video: HTMLVideoElement): Promise<boolean> {
    this.close();
    this.say("");
    const camera = new Camera(
      video,
      (found) => this.watcher.found(found),
      (on) => this.lit(on),
      (cause) => this.lost(cause),
    );
    this.camera = camera;
    this.later = window.setTimeout(() => {
      this.asking = camera.asking;
      this.host.requestUpdate();
    }, ASKED_AFTER_MS);
    try {
      await camera.start();
      return true;
    } catch (cause) {
      if (this.camera === camera) this.fail(cause);
      return false;
    } finally {
      clearTimeout(this.later);
      this.asking = false;
      this.host.requestUpdate();
    }
  }

  stop(): void {
    this.camera?.stop();
  }

  /** Off, and why: it is on again by a press. */
  rest(why: string): void {
    this.lost(new CannotSeeError(why));
  }

  close(): void {
    clearTimeout(this.later);
    if (this.leave !== null) this.leave.onchange = null;
    this.leave = null;
    this.camera?.close();
    this.camera = null;
  }

  private lit(on: boolean): void {
    this.light = on;
    if (on) this.say("");
    this.watcher.lit(on);
    this.host.requestUpdate();
  }

  /** While it was looked through. */
  private lost(cause: unknown): void {
    if (!(cause instanceof CannotSeeError)) return this.watcher.trouble(cause);
    this.fail(cause);
    this.watcher.taken();
  }

  private fail(cause: unknown): void {
    this.camera?.close();
    this.camera = null;
    this.say(cause instanceof CannotSeeError ? cause.message : t("camera.none"));
    void this.wait();
  }

  /** Leave that is given beside the address needs no other press here. */
  private async wait(): Promise<void> {
    const leave = await navigator.permissions?.query({ name: "camera" as PermissionName }).catch(() => null);
    if (leave == null || this.blind === "") return;
    this.leave = leave;
    leave.onchange = () => {
      if (leave.state === "granted" && this.blind !== "") this.watcher.trouble(null);
    };
  }

  private say(blind: string): void {
    this.blind = blind;
    this.host.requestUpdate();
  }
}

// A stop that was said, until it is kept: what the line could not bring is brought another way.
import type { ReactiveControllerHost } from "lit";
import { end, type Opened } from "../api";
import type { Stream } from "../stream";
import { forget, keep } from "../unkept";

const UNKEPT_AFTER_MS = 800; // a stop is kept within some thousandths of a second

type Page = Pick<ReactiveControllerHost, "requestUpdate"> & { readonly stream: Stream | null };

export class Stopping {
  /** Said, and not kept yet: that is what is shown until it is. */
  unkept = false;
  private after = 0;

  constructor(
    private readonly page: Page,
    private readonly waiting: () => void,
  ) {}

  said(connected: boolean): void {
    if (!connected) this.waits();
    clearTimeout(this.after);
    this.after = window.setTimeout(() => this.waits(), UNKEPT_AFTER_MS);
  }

  waits(): void {
    if (!this.page.stream?.stopWaits || this.unkept) return;
    this.unkept = true;
    this.page.requestUpdate();
    this.waiting();
  }

  kept(): void {
    clearTimeout(this.after);
    this.unkept = false;
    this.page.requestUpdate();
    if (this.page.stream !== null) forget(this.page.stream.sessionId);
  }

  /** The line is over. */
  keeps(): void {
    if (this.page.stream?.stopWaits) void keep().then(() => this.kept(), () => undefined);
  }

  /** The page is left: nobody is offered to go on with what they stopped. */
  left(opened: Opened): void {
    if (!this.page.stream?.stopWaits) return;
    // While the session does not know yet that the line is gone, only its own key ends it.
    void keep()
      .catch(() => end(opened.session_id, opened.key).then(keep))
      .catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.after);
  }
}

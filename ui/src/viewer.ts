// A second screen that looks on: the cue, the ring and the place of the stretch, and nothing to press.
// The key in the fragment opens no more than that.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import "./parts/ring";
import { shows } from "./ramp-view";
import { fromBytes, type Guidance, type RampView, toBytes, type View, WIRE_VERSION } from "./wire";

const EN = {
  title: "Looking on",
  l: "· left",
  r: "· right",
  about: "About {n} of 100 between the two marks",
  of: "{a} of {b}",
  moment: "One moment.",
  link: "This link is not whole. Open it from the session again.",
  over: "The session is over.",
  waits: "Waiting for the session.",
  stopped: "Stopped.",
  done: "Done.",
  gone: "There is nothing to look at under this link any more.",
  lost: "The connection is lost.",
};
const DE: typeof EN = {
  title: "Zusehen",
  l: "· links",
  r: "· rechts",
  about: "Etwa {n} von 100 zwischen den beiden Marken",
  of: "{a} von {b}",
  moment: "Einen Moment.",
  link: "Dieser Link ist nicht ganz. Öffne ihn noch einmal aus der Übung.",
  over: "Die Übung ist zu Ende.",
  waits: "Es wartet auf die Übung.",
  stopped: "Gestoppt.",
  done: "Geschafft.",
  gone: "Unter diesem Link gibt es nichts mehr zu sehen.",
  lost: "Die Verbindung ist weg.",
};
const ASKED = new URLSearchParams(location.hash.slice(1));
/** The session that this was opened from says its language. */
const LANGUAGE = ASKED.get("language") === "de" ? "de" : "en";
const WORDS = LANGUAGE === "de" ? DE : EN;
document.documentElement.lang = LANGUAGE;

const BACK_AFTER_MS = [500, 1000, 2000, 4000];
const OVER = ["done", "stopped"];

@customElement("lw-viewer")
export class Viewer extends LitElement {
  @state() private guidance: Guidance | null = null;
  private ramp: RampView | null = null;
  @state() private said = WORDS.moment;
  private readonly asked = ASKED;
  private socket: WebSocket | null = null;
  private tries = 0;
  private over = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.connect();
  }

  protected override render() {
    const g = this.guidance;
    return html`<main class="viewer" data-phase=${g?.phase ?? "waiting"}>
      <h1>${WORDS.title} ${g?.side ? WORDS[g.side] : nothing}</h1>
      ${
        g === null
          ? nothing
          : shows(this.ramp)
            ? html`<p class="big">${WORDS.of.replace("{a}", String(this.ramp.number)).replace("{b}", String(this.ramp.of))}</p>`
            : html`<lw-ring
                .effective=${g.effective_s}
                .uncertain=${g.uncertain_s}
                .target=${g.hold_target_s}
              ></lw-ring>
              <div>
                ${g.gauge ? html`<p>${WORDS.about.replace("{n}", String(Math.round(g.gauge.mean * 100)))}</p>` : nothing}
                <p>${g.repetitions > 0 ? WORDS.of.replace("{a}", String(g.repetition)).replace("{b}", String(g.repetitions)) : nothing}</p>
              </div>`
      }
      <p class="cue" aria-live="polite" lang=${this.said === "" ? (g?.question?.language ?? g?.cue_language ?? "en") : LANGUAGE}>
        ${this.said || (g?.countdown ?? g?.question?.text ?? g?.cue_text ?? "")}
      </p>
    </main>`;
  }

  private connect(): void {
    const session = this.asked.get("session");
    const key = this.asked.get("view");
    if (session === null || key === null) {
      this.said = WORDS.link;
      return;
    }
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(
      `${scheme}://${location.host}/api/sessions/${encodeURIComponent(session)}/view`,
    );
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(toBytes({ type: "hello", version: WIRE_VERSION, key }));
    socket.onmessage = (event) => this.take(event.data as ArrayBuffer);
    socket.onclose = () => this.lost();
    this.socket = socket;
  }

  private take(raw: ArrayBuffer): void {
    const message = fromBytes(raw);
    if (message.type === "welcome") this.tries = 0;
    else if (message.type === "view") void this.show(message);
    else if (message.type === "over") {
      this.over = true;
      this.guidance = null;
      this.said = WORDS.over;
    }
  }

  /** Ready for the next one once this one is drawn: what was sent earlier would be old by then. */
  private async show(view: View): Promise<void> {
    [this.guidance, this.ramp] = [view.guidance, view.ramp];
    this.said = this.standIn(view.guidance);
    await this.updateComplete;
    requestAnimationFrame(() => {
      if (this.socket?.readyState === WebSocket.OPEN)
        this.socket.send(toBytes({ type: "credit", views: 1 }));
    });
  }

  private standIn(g: Guidance | null): string {
    if (g === null) return WORDS.waits;
    if (!OVER.includes(g.phase)) return "";
    return g.phase === "stopped" ? WORDS.stopped : WORDS.done;
  }

  /** Nothing that was shown last holds any longer. */
  private lost(): void {
    if (this.over) return;
    this.guidance = null;
    const wait = BACK_AFTER_MS[this.tries++];
    this.said =
      wait === undefined
        ? WORDS.gone
        : WORDS.lost;
    if (wait !== undefined) window.setTimeout(() => this.connect(), wait);
  }
}

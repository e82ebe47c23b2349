// A second screen that looks on: the cue, the ring and the place of the stretch, and nothing to press.
// The key in the fragment opens no more than that.
import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import "./parts/ring";
import { fromBytes, type Guidance, toBytes, type View, WIRE_VERSION } from "./wire";

const BACK_AFTER_MS = [500, 1000, 2000, 4000];
const OVER = ["done", "stopped"];

@customElement("lw-viewer")
export class Viewer extends LitElement {
  @state() private guidance: Guidance | null = null;
  @state() private said = "One moment.";
  private readonly asked = new URLSearchParams(location.hash.slice(1));
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
      <h1>Looking on ${g?.side ? (g.side === "l" ? "· left" : "· right") : nothing}</h1>
      ${
        g === null
          ? nothing
          : html`<lw-ring
                .effective=${g.effective_s}
                .uncertain=${g.uncertain_s}
                .target=${g.hold_target_s}
              ></lw-ring>
              <div>
                ${g.gauge ? html`<p>About ${Math.round(g.gauge.mean * 100)} of 100 between the two marks</p>` : nothing}
                <p>${g.repetitions > 0 ? `${g.repetition} of ${g.repetitions}` : nothing}</p>
              </div>`
      }
      <p class="cue" aria-live="polite" lang=${this.said === "" ? (g?.cue_language ?? "en") : "en"}>
        ${this.said || (g?.countdown ?? g?.question?.text ?? g?.cue_text ?? "")}
      </p>
    </main>`;
  }

  private connect(): void {
    const session = this.asked.get("session");
    const key = this.asked.get("view");
    if (session === null || key === null) {
      this.said = "This link is not whole. Open it from the session again.";
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
      this.said = "The session is over.";
    }
  }

  /** Ready for the next one once this one is drawn: what was sent earlier would be old by then. */
  private async show(view: View): Promise<void> {
    this.guidance = view.guidance;
    this.said = this.standIn(view.guidance);
    await this.updateComplete;
    requestAnimationFrame(() => {
      if (this.socket?.readyState === WebSocket.OPEN)
        this.socket.send(toBytes({ type: "credit", views: 1 }));
    });
  }

  private standIn(g: Guidance | null): string {
    if (g === null) return "Waiting for the session.";
    if (!OVER.includes(g.phase)) return "";
    return g.phase === "stopped" ? "Stopped." : "Done.";
  }

  /** Nothing that was shown last holds any longer. */
  private lost(): void {
    if (this.over) return;
    this.guidance = null;
    const wait = BACK_AFTER_MS[this.tries++];
    this.said =
      wait === undefined
        ? "There is nothing to look at under this link any more."
        : "The connection is lost.";
    if (wait !== undefined) window.setTimeout(() => this.connect(), wait);
  }
}

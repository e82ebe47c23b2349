// The phone as a sensor, seen from the computer: ask for it, pair it by a picture, see how it stands.
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, post } from "../api";
import type { Says } from "../phone/wire";
import { t, tn } from "../texts";
import { said, saidPlain } from "../texts/said";
import { Card, type Standing, standStill } from "./card";

const STANDING_EVERY_MS = 200;
const CHECKING_EVERY_MS = 400;

type State = "off" | "waiting" | "connected" | "silent" | "lost";

interface Offer {
  url: string;
  qr: string;
  fingerprint: string;
  good_for_s: number;
}

interface Seen {
  state: State;
  says: Says;
  received: number;
  refused: number;
  rate_hz: number | null;
  still_s: number;
  stood: boolean;
  led: boolean;
  offered: boolean;
  checked: { words: string; done: boolean; well: boolean | null } | null;
  place: { id: string; name: string; picture: string; why: string } | null;
}

const seenNow = (exercise = ""): Promise<Seen> =>
  call(`/api/phone${exercise ? `?exercise_id=${exercise}` : ""}`);

/**
 * Leads the person through standing still with the phone on. False without a phone: none was asked
 * for, or it was forgotten meanwhile; the session begins with the camera alone then.
 */
export function standWithPhone(exercise: string, standing: Standing): Promise<boolean> {
  return standStill<Seen>(
    {
      everyMs: STANDING_EVERY_MS,
      now: () => seenNow(exercise),
      ask: () => post("/api/phone/stand", { exercise_id: exercise }),
      there: (seen) => seen.state !== "off" && seen.state !== "waiting",
      stood: (seen) => seen.stood,
      words: standingWords,
    },
    standing,
  );
}

function standingWords(seen: Seen): string {
  if (seen.state === "lost") return t("phone.unheard");
  if (seen.state === "silent") return t("phone.puton", { place: saidPlain(seen.place?.name ?? "") });
  if (seen.says === "worn_otherwise")
    return t("phone.turn");
  const left = Math.ceil(3 - seen.still_s);
  return seen.still_s > 0.3 && left > 0
    ? t("phone.still", { n: left })
    : t("phone.stand", { place: seen.place ? saidPlain(seen.place.name) : t("phone.on") });
}

@customElement("lw-phone")
export class Phone extends Card<Seen> {
  protected readonly unheard = "phone.unheard.now";
  /** Of which it says where to wear the phone. */
  @property() exercise = "";
  /** What a phone would be good for here. */
  @property() what = t("phone.what");
  @state() private offered: Offer | null = null;
  /** In an exercise that goes on without it: it may be begun again with it. */
  @property({ type: Boolean }) joins = false;
  /** Asked for by what shows this: the code stands at once. */
  @property({ type: Boolean }) code = false;
  private coded = false;
  /** A code that was asked for here, beside an exercise, is good as long as this stands. */
  private passing = false;
  /** Its session had begun: what is said before one does not hold after it. */
  private wasLed = false;
  private soon: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("pagehide", this.closed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("pagehide", this.closed);
    window.clearTimeout(this.soon);
    if (this.passing && this.seen?.state === "waiting") void this.forget();
  }

  /** A tab that is closed waits for no answer: the request outlives it. */
  private readonly closed = (): void => {
    if (this.passing && (this.seen?.state === "off" || this.seen?.state === "waiting"))
      void call("/api/phone", { method: "DELETE", keepalive: true }).catch(() => undefined);
  };

  protected override updated(): void {
    if (!this.code || this.coded || this.seen?.state !== "off") return;
    this.coded = true;
    void this.ask();
  }

  protected override now(): Promise<Seen> {
    return seenNow(this.exercise);
  }

  protected override watches(): boolean {
    return this.seen !== null && this.seen.state !== "off";
  }

  protected override render() {
    return this.seen === null ? this.unknown("phone") : this.card(this.seen, "phone", this.seen.state);
  }

  protected override whole(seen: Seen) {
    if (seen.state === "off")
      return html`<p>${this.what} ${this.joins ? t("fog.listening") : nothing}</p>
        <p><button type="button" @click=${this.ask}>${t("phone.use")}</button></p>`;
    return this.offered === null ? this.asked(seen) : this.pairing(this.offered);
  }

  private asked(seen: Seen) {
    const rate = seen.rate_hz === null ? "" : t("phone.rate", { n: Math.round(seen.rate_hz) });
    const words: Record<State, string> = {
      off: "",
      waiting: t("phone.waiting"),
      connected: t("phone.connected", { rate }),
      silent: t("phone.silent"),
      lost: t("phone.lost"),
    };
    return html`<p>${words[seen.state]}</p>
      ${
        seen.place && seen.state !== "waiting"
          ? html`<p>${t("phone.wear", { place: saidPlain(seen.place.name) })} ${said(seen.place.picture)}</p>
              <small>${said(seen.place.why)}</small>
              ${seen.checked ? html`<p><strong>${said(seen.checked.words)}</strong></p>` : nothing}`
          : nothing
      }
      ${this.joins && !seen.led && seen.state === "connected" ? this.anew() : nothing}
      <p>
        ${
          seen.place && seen.state !== "waiting" && !this.joins
            ? html`<button type="button" @click=${this.check}>${t("phone.check")}</button>`
            : nothing
        }
        <button type="button" @click=${this.ask}>${t("phone.code.new")}</button>
        <button type="button" @click=${this.forget}>${t("phone.forget")}</button>
      </p>`;
  }

  private anew() {
    return html`<p>${t("phone.join")}</p>
      <p>
        <button type="button" class="main" @click=${() => this.dispatchEvent(new CustomEvent("join"))}>
          ${t("phone.anew")}
        </button>
      </p>`;
  }

  private pairing(offer: Offer) {
    return html`<div class="pairing">
      <img class="qr" src=${offer.qr} alt=${t("phone.qr")} />
      <div>
        <p>${tn("phone.scan", Math.max(1, Math.round(offer.good_for_s / 60)))}</p>
        ${this.passing ? html`<p>${t("fog.listens")}</p>` : nothing}
        <p>${t("phone.warns")}</p>
        <p class="fingerprint"><code>${offer.fingerprint.match(/.{1,48}/g)?.join(" ")}</code></p>
        <p>
          <button type="button" @click=${this.ask}>${t("phone.code")}</button>
          <button type="button" @click=${this.forget}>${t("phone.never")}</button>
        </p>
      </div>
    </div>`;
  }

  protected override inShort(seen: Seen) {
    if (seen.state === "off") return nothing;
    // Empty, and there: what is said in it later is read out.
    if (seen.state === "waiting") return html``;
    if (!seen.led) return this.wasLed ? html`` : this.without();
    if (seen.state === "lost")
      return html`<p class="trouble">${t("phone.lost.short")}</p>`;
    if (seen.state === "silent")
      return html`<p class="trouble">${t("phone.silent.short")}</p>`;
    return html`<p>${t(this.back === "" ? "phone.with" : "phone.back")}</p>`;
  }

  private without() {
    return html`<button type="button" @click=${this.forget}>${t("phone.without")}</button>`;
  }

  protected override async take(seen: Seen): Promise<void> {
    const before = this.seen?.state;
    if (seen.state === "connected" && (before === "lost" || before === "silent"))
      this.heardAgain("phone");
    if (!seen.offered) this.offered = null;
    // Loaded anew, the page shows the code that is open and not another one.
    else if (this.offered === null && !this.slim)
      this.offered = (await call<{ offer: Offer | null }>("/api/phone/offer")).offer;
    this.wasLed ||= seen.led;
    window.clearTimeout(this.soon);
    if (seen.checked?.done === false)
      this.soon = window.setTimeout(() => void this.look(), CHECKING_EVERY_MS);
    if (before !== undefined && before !== seen.state) this.dispatchEvent(new CustomEvent("stands"));
  }

  private readonly ask = async (): Promise<void> => {
    this.passing ||= this.joins && this.seen?.state === "off";
    await this.attempt(async () => {
      this.offered = await post<Offer>("/api/phone", {});
    });
    if (this.passing && !this.isConnected) await this.forget();
  };

  private readonly check = (): Promise<void> =>
    this.attempt(() => post("/api/phone/check", { exercise_id: this.exercise }));

  private readonly forget = async (): Promise<void> => {
    await this.attempt(() => call("/api/phone", { method: "DELETE" }));
    this.offered = null;
    this.passing = false;
  };
}

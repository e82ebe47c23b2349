// What is worn, as a card of the page: it looks again and again how it stands, says what went wrong, and
// leads through standing still before a session.
import { html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { RefusedError } from "../api";
import { type Key, t } from "../texts";

const EVERY_MS = 1000;
const BACK_FOR_MS = 5000;
/** Once may be a moment; what was shown last is not said as if it were so now. */
const UNANSWERED = 2;
const ANSWERS_WITHIN_MS = 8000;

export abstract class Card<Seen> extends LitElement {
  /** In a session: only what has to be known now. */
  @property({ type: Boolean }) slim = false;
  @state() protected seen: Seen | null = null;
  @state() private said = "";
  /** The name of what is heard again, for a moment; empty: nothing is. */
  @state() protected back = "";
  /** Since how many looks nothing is known of how it stands. */
  @state() private unanswered = 0;
  private looking: Promise<void> | null = null;
  private timer: number | undefined;

  /** That nothing is known of it, in a line. */
  protected abstract readonly unheard: Key;
  /** How it stands now. */
  protected abstract now(): Promise<Seen>;
  protected abstract whole(seen: Seen): unknown;
  protected abstract inShort(seen: Seen): unknown;

  /** Whether there is anything to look at again. */
  protected watches(): boolean {
    return true;
  }

  /** What else follows from it, before it is shown. */
  protected async take(_seen: Seen): Promise<void> {}

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.look();
    this.timer = window.setInterval(() => {
      if (this.unanswered > 0 || this.watches()) void this.look();
    }, EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  protected card(seen: Seen, kind: string, stand: string | null) {
    const old = this.unanswered >= UNANSWERED;
    const lines = this.slim ? this.inShort(seen) : this.whole(seen);
    if (lines === nothing && !this.said) return nothing;
    return html`<aside class=${kind} data-state=${stand ?? nothing} aria-live="polite">
      ${old ? this.again() : nothing} ${old && this.slim ? nothing : lines} ${this.said ? html`<p class="trouble" role="alert">${this.said}</p>` : nothing}
    </aside>`;
  }

  /** Where it has never answered: asked for by a press it says so, in a session nobody may wear any. */
  protected unknown(kind: string) {
    if (this.slim || this.unanswered < UNANSWERED) return nothing;
    return html`<aside class=${kind} aria-live="polite">${this.again()}</aside>`;
  }

  private again() {
    return html`<p class="trouble unheard">
      ${t(this.unheard)} <button type="button" @click=${() => void this.look()}>${t("card.again")}</button>
    </p>`;
  }

  /** One at a time: where answers are slow, questions do not pile up behind one another. */
  protected look(): Promise<void> {
    this.looking ??= this.looked().finally(() => (this.looking = null));
    return this.looking;
  }

  private async looked(): Promise<void> {
    try {
      const seen = await Promise.race([this.now(), tooLate()]);
      await this.take(seen);
      this.seen = seen;
      this.unanswered = 0;
    } catch {
      this.unanswered += 1;
    }
  }

  protected heardAgain(name: string): void {
    this.back = name;
    window.setTimeout(() => (this.back = ""), BACK_FOR_MS);
  }

  protected async attempt(what: () => Promise<unknown>): Promise<void> {
    this.said = "";
    try {
      await what();
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
    await this.looking; // asked before it was done, it would tell how it stood before
    await this.look();
  }
}

function tooLate(): Promise<never> {
  return new Promise((_, late) => window.setTimeout(() => late(new Error("no answer")), ANSWERS_WITHIN_MS));
}

export interface Standing {
  say(words: string): void;
  givenUp(): boolean;
}

/** Standing still with what is worn, as it is asked about and led through. */
export interface Still<Seen> {
  everyMs: number;
  now(): Promise<Seen>;
  ask(): Promise<Seen>;
  there(seen: Seen): boolean;
  stood(seen: Seen): boolean;
  words(seen: Seen): string;
}

/** False where nothing is worn, or it went meanwhile, or the person gave up. */
export async function standStill<Seen>(worn: Still<Seen>, standing: Standing): Promise<boolean> {
  let seen = await worn.now();
  if (worn.there(seen)) seen = await worn.ask();
  while (worn.there(seen) && !standing.givenUp()) {
    if (worn.stood(seen)) return true;
    standing.say(worn.words(seen));
    await new Promise((done) => window.setTimeout(done, worn.everyMs));
    seen = await worn.now();
  }
  return false;
}

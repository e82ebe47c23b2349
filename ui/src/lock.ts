// The passphrase: asked for where the profile is locked, offered in the first week, and to be had, changed
// or taken off at any time beside what is kept. What is typed
// here stays in its field until it is sent, and is nowhere afterwards.
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { call, post, RefusedError } from "./api";
import { keep, kept } from "./kept";
import { type Key, t } from "./texts";

export interface LockStanding {
  passphrase: boolean;
  locked: boolean;
  offered: boolean;
  least_letters: number;
  who_reads: string;
}

const LATER = "lock_offer_later";
const LATER_MS = 2 * 24 * 3600 * 1000;

export const lockStanding = (): Promise<LockStanding> => call("/api/lock");

const hold = (event: BeforeUnloadEvent): void => event.preventDefault();

type Step = "unlock" | "forgotten" | "offer" | "choose" | "code" | "kept" | "change" | "anew" | "remove" | "nothing";

/** `opened` is told when the profile can be read. */
@customElement("lw-lock")
export class Lock extends LitElement {
  /** Whether to ask for the passphrase; else one is offered, where it is time. */
  @property({ type: Boolean }) asks = false;
  /** Beside what is kept: always there, and says who can read it. */
  @property({ type: Boolean }) always = false;
  @state() private step: Step = "nothing";
  @state() private standing: LockStanding | null = null;
  @state() private said = "";
  @state() private code = "";
  @state() private waits = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    if (this.asks) {
      this.step = "unlock";
      return;
    }
    if (this.always) return void this.stand();
    const later = Number(kept(LATER) ?? "0");
    if (Date.now() < later) return;
    void lockStanding()
      .then((found) => {
        this.standing = found;
        if (found.offered) this.step = "offer";
      })
      .catch(() => undefined); // an offer that cannot be made is none
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("step")) return;
    if (changed.get("step") !== "nothing" || this.asks)
      this.querySelector<HTMLElement>(this.step === "code" ? "button" : "input")?.focus();
    // A code that is shown once is not left by a button beside it.
    const alone = this.step === "code";
    document.body.classList.toggle("code-shown", alone);
    if (alone) window.addEventListener("beforeunload", hold);
    else window.removeEventListener("beforeunload", hold);
  }

  protected override render() {
    switch (this.step) {
      case "nothing":
        return nothing;
      case "kept":
        return this.hasOne();
      case "change":
        return this.asked("change", [t("lock.passphrase"), t("lock.new"), t("lock.again")], (typed) => this.change(typed));
      case "anew":
        return this.asked("anew", [t("lock.passphrase")], (typed) => this.codeAnew(typed));
      case "remove":
        return this.asked("remove", [t("lock.passphrase")], (typed) => this.takeOff(typed));
      case "unlock":
        return this.unlock();
      case "forgotten":
        return this.forgotten();
      case "offer":
        return this.offer();
      case "choose":
        return this.choose();
      case "code":
        return this.shownCode();
    }
  }

  private unlock() {
    return html`<section>
      <h1>${t("lock.title")}</h1>
      <p>${t("lock.opens")}</p>
      <form @submit=${(e: SubmitEvent) => this.sent(e, (typed) => this.open(typed[0] ?? ""))}>
        ${this.field(t("lock.passphrase"), "current-password")} ${this.answer()}
        <button class="main" type="submit" ?disabled=${this.waits}>${t("lock.open")}</button>
        <button type="button" @click=${() => this.to("forgotten")}>${t("lock.forgot")}</button>
      </form>
    </section>`;
  }

  private forgotten() {
    return html`<section>
      <h1>${t("lock.byCode")}</h1>
      <p>${t("lock.byCode.what")}</p>
      <p>${t("lock.byCode.else")} <code>lengthwise person delete</code></p>
      <form @submit=${(e: SubmitEvent) => this.sent(e, (typed) => this.recover(typed))}>
        ${this.field(t("lock.code"), "off", "text")} ${this.field(t("lock.new"), "new-password")}
        ${this.field(t("lock.again"), "new-password")} ${this.answer()}
        <button class="main" type="submit" ?disabled=${this.waits}>${t("lock.open")}</button>
        <button type="button" @click=${() => this.to("unlock")}>${t("lock.back")}</button>
      </form>
    </section>`;
  }

  private offer() {
    return html`<section aria-label=${t("lock.passphrase")}>
      <h2>${t("lock.who")}</h2>
      <p>${t("lock.who.what")}</p>
      <button type="button" @click=${() => this.to("choose")}>${t("lock.choose")}</button>
      ${
        this.always
          ? nothing
          : html`<button type="button" @click=${() => this.later()}>${t("lock.notNow")}</button>`
      }
    </section>`;
  }

  private hasOne() {
    const goes = (step: Step, words: Key) =>
      html`<button type="button" @click=${() => this.to(step)}>${t(words)}</button>`;
    return html`<section aria-label=${t("lock.passphrase")}>
      <h2>${t("lock.who")}</h2>
      <p>${t("lock.encrypted")}</p>
      <div class="begin">
        <button type="button" @click=${() => this.close()}>${t("lock.now")}</button>
        ${goes("change", "lock.change")} ${goes("anew", "lock.anew")} ${goes("remove", "lock.remove")}
      </div>
      ${this.answer()}
    </section>`;
  }

  /** Something that is done with the passphrase that there is. */
  private asked(what: "change" | "anew" | "remove", fields: string[], send: (typed: string[]) => Promise<void>) {
    return html`<section aria-label=${t("lock.passphrase")}>
      <h2>${t(`lock.${what}`)}</h2>
      <p>${t(`lock.${what}.what`)}</p>
      <form @submit=${(e: SubmitEvent) => this.sent(e, send)}>
        ${fields.map((label, i) => this.field(label, i === 0 ? "current-password" : "new-password"))}
        ${this.answer()}
        <button class="main" type="submit" ?disabled=${this.waits}>${t(`lock.${what}`)}</button>
        <button type="button" @click=${() => this.to("kept")}>${t("lock.back")}</button>
      </form>
    </section>`;
  }

  private choose() {
    const least = this.standing?.least_letters ?? 10;
    return html`<section aria-label=${t("lock.passphrase")}>
      <h2>${t("lock.choose")}</h2>
      <p>${t("lock.least", { n: least })}</p>
      <form @submit=${(e: SubmitEvent) => this.sent(e, (typed) => this.set(typed))}>
        ${this.field(t("lock.passphrase"), "new-password")} ${this.field(t("lock.again"), "new-password")}
        ${this.answer()}
        <button class="main" type="submit" ?disabled=${this.waits}>${t("lock.encrypt")}</button>
        <button type="button" @click=${() => (this.always ? this.stand() : this.later())}>${t("lock.notNow")}</button>
      </form>
    </section>`;
  }

  private shownCode() {
    return html`<section aria-label=${t("lock.code")}>
      <h2>${t("lock.write")}</h2>
      <p class="big"><code>${this.code}</code></p>
      <p>${t("lock.write.what")}</p>
      <button class="main" @click=${() => this.written()}>${t("lock.written")}</button>
    </section>`;
  }

  private field(label: string, autocomplete: string, type = "password") {
    return html`<p>
      <label
        >${label}<br /><input
          type=${type}
          autocomplete=${autocomplete as AutoFill}
          autocapitalize="off"
          spellcheck="false"
          maxlength="200"
          required
      /></label>
    </p>`;
  }

  private answer() {
    return html`<p role="alert">${this.waits ? t("app.moment") : this.said}</p>`;
  }

  private to(step: Step): void {
    this.said = "";
    this.step = step;
  }

  private async open(passphrase: string): Promise<void> {
    await post("/api/lock/open", { passphrase });
    this.isOpen();
  }

  private async recover([code, ...twice]: string[]): Promise<void> {
    const answer = await post<{ code: string }>("/api/lock/recover", { code, new_passphrase: same(twice) });
    this.show(answer.code);
  }

  private async set(twice: string[]): Promise<void> {
    const answer = await post<{ code: string }>("/api/lock/set", { passphrase: same(twice) });
    this.show(answer.code);
  }

  /** How it stands with it now. */
  private async stand(): Promise<void> {
    this.standing = await lockStanding().catch(() => null);
    this.to(this.standing === null ? "nothing" : this.standing.passphrase ? "kept" : "offer");
  }

  private async change([passphrase, ...twice]: string[]): Promise<void> {
    await post("/api/lock/change", { passphrase, new_passphrase: same(twice) });
    await this.stand();
    this.said = t("lock.changed");
  }

  private async codeAnew([passphrase]: string[]): Promise<void> {
    this.show((await post<{ code: string }>("/api/lock/code", { passphrase })).code);
  }

  private async takeOff([passphrase]: string[]): Promise<void> {
    await post("/api/lock/remove", { passphrase });
    await this.stand();
  }

  private async close(): Promise<void> {
    try {
      await post("/api/lock/close", {});
      this.dispatchEvent(new CustomEvent("closed"));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    }
  }

  private show(code: string): void {
    this.code = code;
    this.to("code");
  }

  private written(): void {
    this.code = "";
    this.isOpen();
  }

  private isOpen(): void {
    if (this.always) return void this.stand();
    this.to("nothing");
    this.dispatchEvent(new CustomEvent("opened"));
  }

  private later(): void {
    keep(LATER, String(Date.now() + LATER_MS));
    this.to("nothing");
  }

  private async sent(event: SubmitEvent, send: (typed: string[]) => Promise<void>): Promise<void> {
    event.preventDefault();
    const fields = [...(event.target as HTMLFormElement).querySelectorAll("input")];
    this.waits = true;
    this.said = "";
    try {
      await send(fields.map((f) => f.value));
    } catch (cause) {
      this.said = cause instanceof RefusedError ? cause.message : String(cause);
    } finally {
      this.waits = false;
      for (const field of fields) if (field.type === "password") field.value = "";
    }
  }
}

function same([first, second]: string[]): string {
  if (first === undefined || first !== second) throw new RefusedError(t("lock.two"));
  return first;
}

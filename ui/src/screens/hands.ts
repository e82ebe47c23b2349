// What the hands can say in a session: Stop largest, then what leads on, then what stops for a symptom.
import { html, nothing } from "lit";
import type { Way } from "../api";
import type { Command } from "../keys";
import { t } from "../texts";
import type { Question, WordKind } from "../wire";

export type Say = (kind: WordKind) => void;

export function button(say: Say, kind: WordKind, text: string, key: string, look = "") {
  return html`<button class=${look} @click=${() => say(kind)}>${text} <kbd>${key}</kbd></button>`;
}

export function stop(say: Say) {
  return html`<button class="stop" @click=${() => say("stop")}>
    ${t("session.stop")} <kbd>${t("session.space")}</kbd>
  </button>`;
}

export function words(say: Say, paused: boolean) {
  const others = [button(say, "skip", t("session.skip"), "n"), button(say, "repeat", t("session.repeat"), "a")];
  // Who rests pulls nothing: what is asked for then is to go on.
  const controls = paused
    ? [button(say, "resume", t("session.resume"), "r", "main"), ...others]
    : [
        button(say, "pause", t("session.pause"), "p"),
        ...others,
        button(say, "first_resistance", t("session.pull"), "f"),
        button(say, "tolerance", t("session.tolerance"), "t"),
      ];
  return html`${stop(say)}
    <div class="controls">${controls}</div>
    ${symptoms(say)}`;
}

/** In a test nothing is paused or done again: it is far enough, or it ends here. */
export function testWords(say: Say, way: Way) {
  const enough = way === "furthest" || way === "held";
  return html`${stop(say)}
    <div class="controls">
      ${enough ? button(say, "tolerance", t(way === "held" ? "session.enough" : "session.tolerance"), "t") : nothing}
      ${way === "held" ? nothing : button(say, "skip", t("session.endTest"), "n")}
    </div>
    ${symptoms(say)}`;
}

/** While the way out of the fog is looked for: what is beside it goes on from there. */
export function resting(say: Say) {
  return html`${stop(say)} ${symptoms(say)}`;
}

/** Before it begins: whoever needs longer says so, and leaves out what does not suit now. */
export function beforehand(say: Say, waits: boolean, skips: boolean) {
  return html`${waits ? button(say, "resume", t("session.resume"), "r") : button(say, "pause", t("rest.hold"), "p")}
    ${skips ? button(say, "skip", t("place.skip"), "n") : nothing}`;
}

export function symptoms(say: Say) {
  return html`<div class="symptoms">
    <button class="warm" @click=${() => say("dizzy")}>${t("session.dizzy")}</button>
    <button class="warm" @click=${() => say("leg_symptom")}>${t("session.leg")}</button>
  </div>`;
}

export function tool(
  press: (command: Command) => void,
  command: Command,
  text: string,
  key: string,
  on: boolean,
) {
  return html`<button class="quiet ${command}" aria-pressed=${on} @click=${() => press(command)}>
    ${text} <kbd>${key}</kbd>
  </button>`;
}

export function scale(question: Question, answer: (n: number) => void) {
  const numbers = [];
  for (let n = question.least; n <= question.most; n += 1) numbers.push(n);
  return html`<div class="scale" role="group" aria-label=${question.text} lang=${question.language}>
    ${numbers.map((n) => html`<button @click=${() => answer(n)}>${n}</button>`)}
  </div>`;
}

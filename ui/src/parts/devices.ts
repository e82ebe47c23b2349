// Worn devices over Bluetooth: which there are, how they stand, how the sensors sit.
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { call, post } from "../api";
import { t, type Key } from "../texts";
import { said } from "../texts/said";
import { Card, type Standing, standStill } from "./card";

const LOOKING_EVERY_MS = 250;

type Use = "segment" | "heart" | "breath" | "pull" | "emg";
type Stand = "searching" | "not_found" | "no_radio" | "failed" | "lost" | "silent" | "heard";

interface DeviceSeen {
  stand: Stand;
  battery_ratio: number | null;
  battery_v: number | null;
  battery_low: boolean;
  rate_hz: number | null;
  simulated: boolean;
}

export interface Listed {
  name: string;
  title: string;
  use: Use | null;
  segment: string | null;
  seen: DeviceSeen | null;
  drives_n: number | null;
}

interface Sits {
  segment: string;
  words: string;
  well: boolean | null;
}

export interface Seen {
  devices: Listed[];
  led: boolean;
  aligning: { words: string; done: boolean; sensors: Sits[] } | null;
  standing: { still_s: number; stood_s: [number, number] | null; otherwise: string[] } | null;
}

export const seenNow = (): Promise<Seen> => call("/api/devices");
const there = (d: Listed): boolean => d.seen?.stand === "heard" || d.seen?.stand === "silent";
export const sensors = (seen: Seen): Listed[] => seen.devices.filter((d) => d.use === "segment" && there(d));
const PLACES: Record<string, Key> = {
  pelvis: "fog.pelvis", t12: "devices.t12", thorax: "fog.chest", thigh_l: "fog.thigh_l",
  thigh_r: "fog.thigh_r", shank_l: "fog.shank_l", shank_r: "fog.shank_r",
};
export const place = (segment: string): string => {
  const known = PLACES[segment];
  return known === undefined ? segment : t(known);
};

function level(seen: DeviceSeen): string {
  if (seen.battery_ratio !== null) return t("devices.battery", { n: Math.round(100 * seen.battery_ratio) });
  return seen.battery_v == null ? "" : t("devices.battery.volts", { n: seen.battery_v.toFixed(1) });
}

/** Three seconds of standing still with the sensors that are heard; at once where there are none. */
export function standWithDevices(standing: Standing): Promise<boolean> {
  return standStill<Seen>(
    {
      everyMs: LOOKING_EVERY_MS,
      now: seenNow,
      ask: () => post("/api/devices/stand", {}),
      there: (seen) => sensors(seen).length > 0,
      stood: (seen) => seen.standing?.stood_s != null,
      words: standingWords,
    },
    standing,
  );
}

function standingWords(seen: Seen): string {
  const { still_s = 0, otherwise = [] } = seen.standing ?? {};
  const left = Math.ceil(3 - still_s);
  if (otherwise.length > 0) return t("devices.otherwise", { names: otherwise.join(", ") });
  return still_s > 0.3 && left > 0 ? t("devices.still", { n: left }) : t("devices.stand");
}

@customElement("lw-devices")
export class Devices extends Card<Seen> {
  protected readonly unheard = "devices.unheard.now";

  protected override now(): Promise<Seen> {
    return seenNow();
  }

  protected override render() {
    if (this.seen === null) return this.unknown("phone devices");
    // Who has named no device hears nothing of devices.
    if (this.seen.devices.length === 0) return nothing;
    return this.card(this.seen, "phone devices", null);
  }

  protected override whole(seen: Seen) {
    return html`<h3>${t("devices.title")}</h3>
      <ul class="list">
        ${seen.devices.map(
          (d) => html`<li data-stand=${d.seen?.stand ?? "off"}>
            <label>
              <input
                type="checkbox"
                .checked=${d.seen !== null}
                ?disabled=${seen.led || d.use === null}
                @change=${() => this.choose(d)}
              />
              <strong>${d.name}</strong> <small>${this.used(d)}</small>
            </label>
            ${d.seen === null ? nothing : html`<span>${this.stands(d.seen)}</span>`}
          </li>`,
        )}
      </ul>
      ${this.sits(seen)}`;
  }

  private used(d: Listed): string {
    if (d.use === null) return t("devices.use.none");
    if (d.drives_n != null) return t("devices.use.drives", { n: Math.round(d.drives_n) });
    return t(`devices.use.${d.use}`, { place: place(d.segment ?? "") });
  }

  private stands(seen: DeviceSeen): string {
    const heard = seen.stand === "heard" && seen.rate_hz !== null;
    const rate = heard ? t("devices.rate", { n: Math.round(seen.rate_hz ?? 0) }) : "";
    const battery = seen.battery_low ? t("devices.battery.low") : level(seen);
    const made_up = seen.simulated ? t("devices.simulated") : "";
    return [`${t(`devices.${seen.stand}` as Key)}${rate}${made_up}`, battery].filter((x) => x !== "").join(", ");
  }

  private sits(seen: Seen) {
    if (sensors(seen).length === 0 || seen.led) return nothing;
    const { aligning } = seen;
    return html`${
        aligning === null
          ? nothing
          : aligning.done
            ? html`<ul class="list">
                ${aligning.sensors.map(
                  (s) => html`<li data-well=${String(s.well)}>
                    ${t("devices.sits", { place: place(s.segment), words: "" })}${said(s.words)}
                  </li>`,
                )}
              </ul>`
            : html`<p><strong>${said(aligning.words)}</strong></p>`
      }
      <p><button type="button" @click=${this.check}>${t("devices.check")}</button></p>`;
  }

  protected override inShort(seen: Seen) {
    const used = seen.devices.filter((d) => d.seen !== null && d.use !== null);
    if (used.length === 0) return nothing;
    const lost = used.filter((d) => !there(d));
    const silent = used.filter((d) => d.seen?.stand === "silent");
    const low = used.filter((d) => d.seen?.battery_low);
    const named = (of: Listed[], key: Key) =>
      of.map((d) => html`<p class="trouble">${t(key, { name: d.name })}</p>`);
    return html`${named(lost, "devices.lost.short")} ${named(silent, "devices.silent.short")}
      ${named(low, "devices.low.short")}
      ${
        lost.length + silent.length > 0 || !seen.led
          ? nothing
          : html`<p>${this.back ? t("devices.back", { name: this.back }) : t("devices.with")}</p>`
      }`;
  }

  protected override async take(seen: Seen): Promise<void> {
    const before = this.seen?.devices.filter((d) => d.seen !== null && !there(d)) ?? [];
    const back = seen.devices.find((d) => there(d) && before.some((b) => b.name === d.name));
    if (back !== undefined) this.heardAgain(back.name);
    const stood = this.seen?.devices.map((d) => d.seen?.stand).join();
    if (stood !== undefined && stood !== seen.devices.map((d) => d.seen?.stand).join())
      this.dispatchEvent(new CustomEvent("stands"));
  }

  private choose(device: Listed): Promise<void> {
    const names = (this.seen?.devices ?? [])
      .filter((d) => (d.name === device.name) !== (d.seen !== null))
      .map((d) => d.name);
    return this.attempt(() => post("/api/devices", { names }));
  }

  private readonly check = (): Promise<void> => this.attempt(() => post("/api/devices/align", {}));
}

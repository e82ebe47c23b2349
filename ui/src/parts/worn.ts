// Which sensors are worn now, in one line, before what needs them.
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../texts";
import { Card } from "./card";
import { place, type Seen, seenNow, sensors } from "./devices";

@customElement("lw-worn")
export class Worn extends Card<Seen> {
  protected readonly unheard = "devices.unheard.now";

  protected override now(): Promise<Seen> {
    return seenNow();
  }

  protected override render() {
    if (this.seen === null) return nothing;
    const places = sensors(this.seen).map((d) => place(d.segment ?? ""));
    return html`<p role="status">
      ${places.length === 0 ? html`<strong>${t("ramp.worn.none")}</strong>` : t("ramp.worn", { places: places.join(", ") })}
    </p>`;
  }

  protected override whole() {
    return nothing;
  }

  protected override inShort() {
    return nothing;
  }
}

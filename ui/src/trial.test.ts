import { beforeEach, describe, expect, it } from "vitest";
import { forgetTrials, type Looks, Trial, TRIAL_IMAGES } from "./trial";

/** What is looked with after so many images that each take so long, by model and by what computes. */
function settled(card: boolean, tookMs: Record<string, number>, images = 100): Looks {
  let trial = new Trial(card);
  for (let n = 0; n < images; n += 1)
    trial = trial.take(tookMs[`${trial.now.model} ${trial.now.by}`] ?? 0) ?? trial;
  return trial.now;
}

describe("what looks", () => {
  beforeEach(forgetTrials);

  it("is the full model on the processor where that is quick enough, card or not", () => {
    for (const card of [true, false])
      expect(settled(card, { "full CPU": 30, "full GPU": 1 })).toEqual({ model: "full", by: "CPU" });
  });

  it("is settled once nothing else is tried, so that a session is told what goes on to look", () => {
    for (const gpu of [15, 55]) {
      forgetTrials();
      let trial = new Trial(true);
      const seen: [string, boolean][] = [];
      for (let n = 0; n < 60; n += 1) {
        trial = trial.take(trial.now.by === "GPU" ? gpu : 60) ?? trial;
        seen.push([`${trial.now.model} ${trial.now.by}`, trial.settled]);
      }
      const first = seen.findIndex(([, settled]) => settled);
      expect(first).toBeGreaterThan(TRIAL_IMAGES);
      for (const after of seen.slice(first)) expect(after).toEqual(seen.at(-1));
    }
  });

  it("is the lighter one where it is not, and there is no card", () => {
    expect(settled(false, { "full CPU": 60, "lite CPU": 60 })).toEqual({ model: "lite", by: "CPU" });
  });

  it("is the graphics card only where it proves faster, and quick enough", () => {
    expect(settled(true, { "full CPU": 60, "full GPU": 15 })).toEqual({ model: "full", by: "GPU" });
    for (const gpu of [44, 55, 10_000]) {
      forgetTrials();
      const slow = { "full CPU": 50, "full GPU": gpu, "lite CPU": 30 };
      expect(settled(true, slow)).toEqual({ model: "lite", by: "CPU" });
    }
  });

  it("does not judge a card by the images that it compiles at", () => {
    let trial = new Trial(true);
    for (let n = 0; n < TRIAL_IMAGES; n += 1) trial = trial.take(60) ?? trial;
    expect(trial.now.by).toBe("GPU");
    for (const ms of [4000, 900, ...Array<number>(TRIAL_IMAGES).fill(12)]) trial = trial.take(ms) ?? trial;
    expect(trial.now).toEqual({ model: "full", by: "GPU" });
  });

  it("is tried once for a page: what lost is not tried again, what won is begun with", () => {
    settled(true, { "full CPU": 60, "full GPU": 90 });
    expect(settled(true, { "full CPU": 60, "lite CPU": 30, "full GPU": 1 })).toEqual({ model: "lite", by: "CPU" });
    forgetTrials();
    settled(true, { "full CPU": 60, "full GPU": 15 });
    expect(new Trial(true).now).toEqual({ model: "full", by: "GPU" });
  });

  it("goes back to the processor when the card fails, and has nothing else when that does", () => {
    const card = new Trial(true, { model: "full", by: "GPU" }, 60);
    expect(card.failed()?.now).toEqual({ model: "lite", by: "CPU" });
    expect(new Trial(true).failed()).toBe(null);
  });
});

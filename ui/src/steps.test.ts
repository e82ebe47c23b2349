import { describe, expect, it } from "vitest";
import { clock, minutesOf } from "./steps";

describe("a time of the day", () => {
  it("comes back as it went", () => {
    for (const min of [0, 59, 540, 1439]) expect(minutesOf(clock(min))).toBe(min);
    expect(minutesOf("")).toBeNull();
  });
});

import { expect, it, vi } from "vitest";

const shown: unknown[] = [];
vi.mock("./parts/band", () => ({ bandTold: (view: unknown) => void shown.push(view) }));
vi.mock("./wire", () => ({
  WIRE_VERSION: 1,
  fromBytes: (message: unknown) => message,
  toBytes: (message: unknown) => message,
  windowEdges: () => [],
}));

class Line {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  close(): void {}
}
const lines: Line[] = [];
vi.stubGlobal(
  "WebSocket",
  class extends Line {
    constructor() {
      super();
      lines.push(this);
    }
  },
);
vi.stubGlobal("location", { protocol: "http:", host: "here" });

const { Stream } = await import("./stream");

it("what a session said of its band is not shown before the next one", () => {
  const stream = new Stream("a", "key", {} as never);
  lines[0]?.onmessage?.({ data: { type: "band", pulls: true } });
  expect(shown.at(-1)).toMatchObject({ pulls: true });
  stream.close();
  expect(shown.at(-1)).toBeNull();
});

// What this browser keeps for a person: preferences, a row of exercises, a stop that nothing heard. A
// browser may keep nothing for a page, and what was kept may be damaged: then it lasts as long as the page.
const here = new Map<string, string>();

export type Where = "browser" | "tab";

function place(where: Where): Storage | null {
  try {
    return where === "tab" ? sessionStorage : localStorage;
  } catch {
    return null;
  }
}

export function kept(name: string, where: Where = "browser"): string | null {
  return here.get(name) ?? place(where)?.getItem(name) ?? null;
}

/** Null: forgets it. */
export function keep(name: string, value: string | null, where: Where = "browser"): void {
  here.delete(name);
  try {
    const there = place(where);
    if (there === null) throw new Error("nothing is kept here");
    if (value === null) there.removeItem(name);
    else there.setItem(name, value);
  } catch {
    if (value !== null) here.set(name, value);
  }
}

/** A list of ids, as far as it is one. */
export function keptIds(name: string, where: Where = "browser"): string[] {
  const found = read(kept(name, where));
  return Array.isArray(found) ? found.filter((id) => typeof id === "string") : [];
}

/** What was kept as JSON; null where it is none. */
export function read(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/**
 * Globs as ripgrep reads them, matched without regular expressions: the time for one path grows with
 * its length times the pattern's, whatever the pattern.
 *
 * @module
 */

/** One element of a component: a literal character, any one character, any run, or a set. */
type Token =
  | { kind: "character"; value: string }
  | { kind: "any" }
  | { kind: "run" }
  | { kind: "set"; isNegated: boolean; ranges: readonly (readonly [string, string])[] };

/** The tokens between two slashes, or `**`: any number of components. */
type Component = readonly Token[] | "components";

/** Most alternatives that braces may multiply to. */
const MAX_ALTERNATIVES = 1000;

/**
 * Compiles a glob: `*` and `?` stay within a component, `**` spans components, `[a-z]` and `[!a-z]`
 * are sets, `{a,b}` are alternatives, a backslash makes the next character literal. The match is
 * against a whole path without a leading slash.
 *
 * @throws {SyntaxError} When the glob is not one; the message says why.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const patterns = expandBraces(glob).map(parseComponents);
  return (path) => {
    const components = path.split("/").map((component) => [...component]);
    return patterns.some((pattern) => matchComponents(pattern, components));
  };
}

/** Takes the special meaning from every character of a path. */
export function escapeGlob(path: string): string {
  return path.replace(/[*?[\]{},!#\\ ]/g, "\\$&");
}

/** Writes out the alternatives, from the first outermost pair of braces on. */
function expandBraces(glob: string): string[] {
  const open = findUnescaped(glob, 0, "{");
  const stray = findUnescaped(glob, 0, "}");
  if (stray >= 0 && (open < 0 || stray < open)) {
    throw new SyntaxError("unopened alternate group; missing '{'");
  }
  if (open < 0) return [glob];
  const branches: string[] = [];
  let depth = 1;
  let start = open + 1;
  let at = start;
  for (; depth > 0; at++) {
    at = findUnescaped(glob, at, "{,}");
    if (at < 0) throw new SyntaxError("unclosed alternate group; missing '}'");
    if (glob[at] === "{") depth++;
    if (glob[at] === "}") depth--;
    if (depth === 0 || (depth === 1 && glob[at] === ",")) {
      branches.push(glob.slice(start, at));
      start = at + 1;
    }
  }
  const head = glob.slice(0, open);
  const tails = expandBraces(glob.slice(at));
  const filled = branches.filter((branch) => branch !== "").flatMap(expandBraces);
  if (filled.length * tails.length > MAX_ALTERNATIVES) {
    throw new SyntaxError(`more than ${MAX_ALTERNATIVES} alternatives`);
  }
  return filled.flatMap((branch) => tails.map((tail) => head + branch + tail));
}

/** The next of some characters that is neither escaped nor inside a set; -1 when there is none. */
function findUnescaped(glob: string, from: number, wanted: string): number {
  for (let at = from; at < glob.length; at++) {
    if (wanted.includes(glob[at]!)) return at;
    if (glob[at] === "\\") at++;
    else if (glob[at] === "[") at = endOfSet(glob, at);
  }
  return -1;
}

/** Where the set that opens at `open` closes; a `]` right after the opening is a member. */
function endOfSet(glob: string, open: number): number {
  const first = glob[open + 1] === "!" || glob[open + 1] === "^" ? open + 2 : open + 1;
  const close = glob.indexOf("]", first + 1);
  if (close < 0) throw new SyntaxError("unclosed character class; missing ']'");
  return close;
}

function parseComponents(glob: string): Component[] {
  const components: Component[] = [];
  let tokens: Token[] = [];
  const endComponent = (isLast: boolean) => {
    const isSpan = tokens.length === 2 && tokens.every((token) => token.kind === "run");
    if (!isSpan) components.push(tokens);
    // At the end `**` stands for at least one component: `a/**` is what lies below `a`.
    else if (isLast && components.length > 0) components.push("components", [{ kind: "run" }]);
    else if (components.at(-1) !== "components") components.push("components");
    tokens = [];
  };
  for (let at = 0; at < glob.length; at++) {
    const character = String.fromCodePoint(glob.codePointAt(at)!);
    if (character === "/") {
      endComponent(false);
    } else if (character === "*") {
      tokens.push({ kind: "run" });
    } else if (character === "?") {
      tokens.push({ kind: "any" });
    } else if (character === "[") {
      const end = endOfSet(glob, at);
      tokens.push(parseSet(glob.slice(at + 1, end)));
      at = end;
    } else if (character === "\\") {
      const value = glob.codePointAt(at + 1);
      if (value === undefined) throw new SyntaxError("dangling '\\'");
      tokens.push({ kind: "character", value: String.fromCodePoint(value) });
      at += value > 0xffff ? 2 : 1;
    } else {
      tokens.push({ kind: "character", value: character });
      at += character.length - 1;
    }
  }
  endComponent(true);
  return components;
}

function parseSet(body: string): Token {
  const isNegated = body.startsWith("!") || body.startsWith("^");
  const members = [...body.slice(isNegated ? 1 : 0)];
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at++) {
    const low = members[at]!;
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    const high = isRange ? members[at + 2]! : low;
    if (compare(low, high) > 0) {
      throw new SyntaxError(`invalid range; '${low}' > '${high}'`);
    }
    ranges.push([low, high]);
    if (isRange) at += 2;
  }
  return { kind: "set", isNegated, ranges };
}

function matchComponents(
  pattern: readonly Component[],
  path: readonly (readonly string[])[],
): boolean {
  return matchWithRuns(
    pattern,
    path,
    (component) => component === "components",
    (component, characters) =>
      component !== "components" &&
      matchWithRuns(component, characters, (token) => token.kind === "run", matchCharacter),
  );
}

function matchCharacter(token: Token, character: string): boolean {
  switch (token.kind) {
    case "character":
      return token.value === character;
    case "set": {
      const isMember = token.ranges.some(([low, high]) =>
        compare(low, character) <= 0 && compare(character, high) <= 0
      );
      return isMember !== token.isNegated;
    }
    default:
      return true;
  }
}

/**
 * Matches a sequence against a pattern in which some elements take any run. Only the last run met
 * ever has to take more, so nothing is tried twice at an earlier one.
 */
function matchWithRuns<Pattern, Item>(
  pattern: readonly Pattern[],
  items: readonly Item[],
  isRun: (element: Pattern) => boolean,
  matches: (element: Pattern, item: Item) => boolean,
): boolean {
  let at = 0;
  let run = -1;
  let taken = 0;
  for (let index = 0; index < items.length;) {
    const element = pattern[at];
    if (at < pattern.length && isRun(element!)) {
      run = at++;
      taken = index;
    } else if (at < pattern.length && matches(element!, items[index]!)) {
      at++;
      index++;
    } else if (run >= 0) {
      at = run + 1;
      index = ++taken;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isRun);
}

function compare(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)!;
}

/** What a question asks for, found by rules. Part of the offline model. @module */

/** Something to look for in names and contents. */
export interface Term {
  text: string;
  /** A quoted phrase, a name from code, or a plain word. */
  kind: "phrase" | "identifier" | "word";
}

/** What kind of answer is wanted. */
export type Intent = "overview" | "files" | "exports" | "tests" | "read" | "search";

/** A question, taken apart. */
export interface Question {
  intent: Intent;
  terms: Term[];
  /** Paths and glob patterns that the question names, relative or absolute. */
  paths: string[];
}

/** Longest part of a question that is looked at, in UTF-16 units. */
const MAX_LENGTH = 4000;
const MAX_TERMS = 3;
const MAX_PATHS = 3;

/** Takes a question apart. */
export function readQuestion(text: string): Question {
  const found = new Words();
  const rest = takeQuoted(text.slice(0, MAX_LENGTH), found);
  const unpathed = takePaths(rest, found);
  takeWords(unpathed, found);
  const terms = found.terms();
  const paths = [...found.paths].slice(0, MAX_PATHS);
  return { intent: readIntent(text, terms, paths), terms, paths };
}

/** Collects words; a word counts once, whatever its case. */
class Words {
  readonly paths = new Set<string>();
  readonly #terms = new Map<string, Term>();

  add(term: Term): void {
    const key = term.text.toLowerCase();
    if (key !== "" && !this.#terms.has(key)) this.#terms.set(key, term);
  }

  /** The most telling terms: names and phrases before plain words, each in the order said. */
  terms(): Term[] {
    const all = [...this.#terms.values()];
    const telling = all.filter((term) => term.kind !== "word");
    const words = all.filter((term) => term.kind === "word");
    return [...telling, ...words].slice(0, MAX_TERMS);
  }
}

const QUOTED =
  /`([^`\n]+)`|"([^"\n]+)"|“([^”\n]+)”|「([^」\n]+)」|『([^』\n]+)』|(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}\p{N}])/gu;

function takeQuoted(text: string, found: Words): string {
  return text.replace(QUOTED, (_, ...groups) => {
    const quoted = groups.slice(0, 6).find((group) => group !== undefined)?.trim() ?? "";
    if (isPath(quoted)) found.paths.add(cleanPath(quoted));
    else found.add({ text: quoted, kind: isIdentifier(quoted) ? "identifier" : "phrase" });
    return " ";
  });
}

/** File endings that make a dotted word a file name. */
const EXTENSIONS = new Set(
  ("ts tsx js jsx mjs cjs json jsonc jsonl md markdown txt toml yaml yml lock rs go py rb java kt c h cc " +
    "cpp hpp cs swift php sh bash zsh fish html css scss sql xml csv svg proto graphql vue svelte ini cfg conf env")
    .split(" "),
);

function takePaths(text: string, found: Words): string {
  return text.split(/([\s、。，？！（）()]+)/u).map((token) => {
    const word = token.replace(/^[,;:!?<[{]+|[,;:!?.>\]}]+$/gu, "");
    if (!isPath(word)) return token;
    found.paths.add(cleanPath(word));
    return " ";
  }).join("");
}

function isPath(word: string): boolean {
  if (!/^@?[\w.*?~/@{},\-[\]]+$/u.test(word)) return false;
  if (/\w\/[\w*.]|^@?\.{0,2}\/\w|\w\/$|\*/u.test(word)) return true;
  const extension = /^@?[\w.-]*\.(\w+)$/u.exec(word)?.[1];
  return extension !== undefined && EXTENSIONS.has(extension.toLowerCase());
}

function cleanPath(word: string): string {
  return word.replace(/^@/u, "").replace(/^(\.\/)+/u, "").replace(/(?<=.)\/+$/u, "");
}

/** Latin words and names; runs of katakana and of kanji: hiragana between them is mostly grammar. */
const WORD =
  /[\p{Script=Latin}_$][\p{Script=Latin}\p{N}_$]*(?:\.[\p{Script=Latin}_$][\p{Script=Latin}\p{N}_$]*)*|[\p{Script=Katakana}ー]{2,}|\p{Script=Han}{2,}|[\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Greek}]{2,}/gu;

function takeWords(text: string, found: Words): void {
  for (const [word] of text.matchAll(WORD)) {
    // Of `object.member` the member is what can be found.
    const name = word.split(".").at(-1) ?? word;
    if (isIdentifier(name)) found.add({ text: name, kind: "identifier" });
    else if (!STOP_WORDS.has(name.toLowerCase()) && (name.length > 2 || !/^[a-z]/iu.test(name))) {
      found.add({ text: stem(name), kind: "word" });
    }
  }
}

/** Whether a word looks like a name from code: `camelCase`, `snake_case`, with a digit inside. */
function isIdentifier(word: string): boolean {
  return /^[A-Za-z_$][\w$]*$/u.test(word) &&
    (/[a-z\d][A-Z]/u.test(word) || /[A-Za-z]_|_[A-Za-z]|\$/u.test(word) ||
      /[A-Za-z]\d/u.test(word));
}

/** The singular, which a search finds inside the plural too. */
function stem(word: string): string {
  if (!/^[a-z]{4,}$/iu.test(word)) return word;
  if (/(x|ch|sh|ss)es$/iu.test(word)) return word.slice(0, -2);
  return /[^sui]s$/iu.test(word) ? word.slice(0, -1) : word;
}

function readIntent(text: string, terms: readonly Term[], paths: readonly string[]): Intent {
  const isBare = terms.length === 0 && paths.length === 0;
  if (/\bexport(s|ed)?\b|\bpublic (api|names)\b|エクスポート|公開/iu.test(text)) {
    if (!isBare) return "exports";
  }
  // Whoever asks for a definition and for its tests is shown the definition, and every mention.
  const wantsDefinition = terms.length > 0 && /\b(defin(ed|ition)|declared)\b|定義/iu.test(text);
  if (/\btest(s|ed|ing)?\b|\bspecs\b|テスト/iu.test(text) && !wantsDefinition) return "tests";
  if (terms.length === 0 && paths.length > 0) {
    return paths.every((path) => /\.\w+$/u.test(path) && !path.includes("*")) ? "read" : "files";
  }
  if (/\b(files?|folders?|director(y|ies)|layout|structure)\b|ファイル|構成/iu.test(text)) {
    if (isBare) return /read ?me/iu.test(text) ? "overview" : "files";
    if (/\b(list|named|called|show)\b|一覧/iu.test(text)) return "files";
  }
  return isBare && OVERVIEW.test(text) ? "overview" : "search";
}

const OVERVIEW =
  /\b(project|repo|repository|workspace|codebase|program|code|readme|overview|everything|this|here)\b|プロジェクト|リポジトリ|レポジトリ|ワークスペース|概要/iu;

const STOP_WORDS = new Set(
  (`a about above after again all also am an and any are as at be because been before being below between
both but by can could cover covered covers did do does doing done down during each else even ever every
everything few find first for found from further get give go got had has have having he help her here
how i if in into is it its itself just know let like list look looking made make many may me mean means
might more most much must my need no nor not now of off on once one only or other our out over please
program project quick quickly read readme repo repository same say search see shall she should show
some such summarise summarize tell than thank thanks that the their them then there these they thing
things this those through to too under until up us use used uses using very want was way we were what
when where whether which while who whom whose why will with without work works workspace would write yes
you your code codebase defined define definition declared declaration implemented implementation
describe described explain explained explanation overview contain contained contains called name named
names file files folder folders directory directories layout structure export exports exported public
api test tests tested testing spec specs located location place places happen happens
current currently exist exists here inside look main kind source please` +
    ` 何 場所 定義 一覧 説明 関数 箇所 実装 概要 内容 表示 検索 使用 存在 公開 構成 必要 全部 部分 方法` +
    ` ファイル テスト プロジェクト リポジトリ レポジトリ ワークスペース コード クラス フォルダ ディレクトリ エクスポート`)
    .split(/\s+/u),
);

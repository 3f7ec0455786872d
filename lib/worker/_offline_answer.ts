/** The answer of the offline model, in Markdown. @module */

import type { Evidence, Excerpt, Hit } from "./_offline_evidence.ts";
import { isEmpty } from "./_offline_evidence.ts";
import { around, clip, code, outsideFences, quoteLines } from "./_offline_markdown.ts";
import { EXPORT_PATTERN, TEST_PATTERN } from "./_offline_patterns.ts";
import { isWide } from "./_offline_plan.ts";
import type { Question } from "./_offline_question.ts";
import { bestOfFiles, rankFiles, rankPlaces } from "./_offline_rank.ts";

/** Said with every answer: nobody shall take a search for a thought. */
export const HONESTY =
  "*I am the built-in offline model: rules and searches, no language model. What I quote is in the files; I do not interpret it.*";

const MAX_LISTED = 20;
const MAX_MENTIONS = 8;
const MAX_EXCERPT_LINES = 24;
const MAX_DOOR_LINES = 60;
/** A definition this much worse than the best one is a mention. */
const MAX_DISTANCE = 45;

/** Writes the answer; `shorten` gives a path as a person writes it. */
export function writeAnswer(
  question: Question,
  evidence: Evidence,
  shorten: (path: string) => string,
): string {
  const writer = new AnswerWriter(question, evidence, shorten);
  const body = isEmpty(evidence) ? writer.nothingFound() : writer.found();
  return [...body, ...writer.failures(), HONESTY].join("\n\n") + "\n";
}

class AnswerWriter {
  readonly #question: Question;
  readonly #evidence: Evidence;
  readonly #shorten: (path: string) => string;

  constructor(question: Question, evidence: Evidence, shorten: (path: string) => string) {
    this.#question = question;
    this.#evidence = evidence;
    this.#shorten = shorten;
  }

  found(): string[] {
    if (isWide(this.#question, this.#evidence)) return this.#nearby();
    switch (this.#question.intent) {
      case "overview":
        return this.#overview();
      case "files":
        return [this.#fileList()];
      case "read":
        return this.#evidence.excerpts.length > 0
          ? this.#evidence.excerpts.map((excerpt) => this.#excerpt(excerpt, Infinity))
          : [this.#fileList()];
      case "exports":
        return this.#exports();
      case "tests":
        return this.#tests();
      case "search":
        return this.#places();
    }
  }

  nothingFound(): string[] {
    const wanted = this.#wanted();
    if (wanted.length === 0) {
      return [
        "I found nothing to look for in that. Name a file, a folder, an identifier or a phrase in quotes, for example: where is `Mailbox` defined?",
      ];
    }
    return [
      `I searched file names and contents for ${wanted.join(", ")} and found nothing.`,
      "Try a narrower question: one exact name, a path such as `lib/a.ts`, a pattern such as `*.md`, or a phrase in quotes.",
    ];
  }

  /** What a widened search gave: near misses, and said to be that. */
  #nearby(): string[] {
    const places = bestOfFiles(rankPlaces(this.#question, this.#evidence));
    const files = this.#evidence.listings.flatMap((listing) => listing.files);
    const shown = rankFiles(files).slice(0, MAX_MENTIONS).map((path) =>
      `- ${code(this.#shorten(path))}`
    );
    return [
      `I found nothing for ${this.#wanted().join(", ")}. These come nearest:`,
      ...this.#mentions(places, "Lines:"),
      ...(shown.length > 0
        ? [["Files:", ...shown, ...more(files.length, MAX_MENTIONS)].join("\n")]
        : []),
    ];
  }

  #wanted(): string[] {
    const { terms, paths } = this.#question;
    return [...terms.map((term) => term.text), ...paths].map((text) => code(text));
  }

  failures(): string[] {
    const { failures } = this.#evidence;
    if (failures.length === 0) return [];
    return [`Some searches failed:\n${failures.map((text) => `- ${clip(text)}`).join("\n")}`];
  }

  #overview(): string[] {
    const parts = this.#evidence.excerpts.map((excerpt) =>
      /readme/iu.test(excerpt.path) ? this.#introduction(excerpt) : this.#excerpt(excerpt, 16)
    );
    const listing = this.#evidence.listings.at(-1);
    return listing ? [...parts, this.#layout(listing.files, listing.isCut)] : parts;
  }

  /** Title, first paragraph and headings of a README. */
  #introduction(excerpt: Excerpt): string {
    const path = this.#shorten(excerpt.path);
    const headings = outsideFences(excerpt).filter((line) => /^#{1,3} /u.test(line.text));
    const title = headings[0];
    const start = excerpt.lines.findIndex((line) =>
      line.text.trim() !== "" && !/^([#<![]|```)/u.test(line.text.trim())
    );
    const rest = excerpt.lines.slice(Math.max(0, start));
    const end = rest.findIndex((line) => line.text.trim() === "");
    const paragraph = start < 0 ? [] : rest.slice(0, end < 0 ? 8 : Math.min(end, 8));
    const lines = [
      title
        ? `**${title.text.replace(/^#+ /u, "")}** (\`${path}:${title.number}\`)`
        : `\`${path}\``,
      ...(paragraph.length > 0
        ? [
          "",
          ...paragraph.map((line) => `> ${line.text}`),
          "",
          `(\`${path}:${paragraph[0]?.number}\`)`,
        ]
        : []),
    ];
    const sections = headings.slice(1, 1 + MAX_LISTED);
    if (sections.length > 0) {
      lines.push("", "Its sections:");
      for (const heading of sections) {
        lines.push(`- ${heading.text.replace(/^#+ /u, "")} (\`${path}:${heading.number}\`)`);
      }
    }
    return lines.join("\n");
  }

  #layout(files: readonly string[], isCut: boolean): string {
    const counts = new Map<string, number>();
    for (const file of files) {
      const [first = "", ...rest] = this.#shorten(file).split("/");
      const key = rest.length > 0 ? `${first}/` : first;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const rows = [...counts].sort(([a], [b]) =>
      Number(b.endsWith("/")) - Number(a.endsWith("/")) || (a < b ? -1 : 1)
    );
    const shown = rows.slice(0, MAX_LISTED).map(([name, count]) =>
      name.endsWith("/") ? `- ${code(name)} ${count}${isCut ? "+" : ""} files` : `- ${code(name)}`
    );
    return [`Its ${isCut ? "newest " : ""}files:`, ...shown, ...more(rows.length)].join("\n");
  }

  #fileList(): string {
    const { listings } = this.#evidence;
    const files = [...new Set(listings.flatMap((listing) => listing.files))]
      .map((path) => this.#shorten(path)).sort();
    const patterns = listings.map((listing) => code(listing.pattern)).join(", ");
    const atLeast = listings.some((listing) => listing.isCut) ? "at least " : "";
    return [
      `${atLeast}${files.length} file${files.length === 1 ? "" : "s"} match ${patterns}:`,
      ...files.slice(0, MAX_LISTED * 2).map((path) => `- ${code(path)}`),
      ...more(files.length, MAX_LISTED * 2),
    ].join("\n");
  }

  #exports(): string[] {
    const search = this.#evidence.searches.find((each) => each.pattern === EXPORT_PATTERN);
    if (!search || search.hits.length === 0) {
      return ["I found no exports there.", this.#fileList()];
    }
    const count = `${search.isCut ? "at least " : ""}${search.hits.length}`;
    const files = [...groupByFile(search.hits)].sort(([a], [b]) =>
      Number(isPrivate(a)) - Number(isPrivate(b))
    );
    const door = this.#evidence.excerpts.map((excerpt) => this.#excerpt(excerpt, MAX_DOOR_LINES));
    const sections = files.slice(0, MAX_LISTED).map(([path, hits]) =>
      [
        `**${code(this.#shorten(path))}**`,
        ...hits.slice(0, MAX_LISTED).map((hit) => this.#hitLine(hit)),
        ...more(hits.length),
      ].join("\n")
    );
    return [...door, `${count} lines export something:`, ...sections];
  }

  #tests(): string[] {
    const titles = this.#evidence.searches.filter((search) => search.pattern === TEST_PATTERN);
    const byName = rankFiles(this.#evidence.listings.flatMap((listing) => listing.files));
    const sections: string[] = [];
    if (byName.length > 0) {
      const shown = byName.slice(0, MAX_LISTED).map((path) => `- ${code(this.#shorten(path))}`);
      sections.push(["Test files by name:", ...shown, ...more(byName.length)].join("\n"));
    }
    for (const [path, hits] of groupByFile(titles.flatMap((search) => search.hits))) {
      sections.push([
        `Tests in ${code(this.#shorten(path))}:`,
        ...hits.slice(0, MAX_LISTED).map((hit) => this.#hitLine(hit)),
        ...more(hits.length),
      ].join("\n"));
    }
    const mentions = rankPlaces(this.#question, {
      ...this.#evidence,
      searches: this.#evidence.searches.filter((search) => search.pattern !== TEST_PATTERN),
    });
    const others = bestOfFiles(mentions).filter((place) => !byName.includes(place.path));
    return [...sections, ...this.#mentions(others, "Other tests that mention it:")];
  }

  #places(): string[] {
    const places = rankPlaces(this.#question, this.#evidence);
    const defining = places.filter((place) => place.isDefinition);
    const worst = (defining[0]?.score ?? 0) - MAX_DISTANCE;
    const definitions = defining.filter((place) => place.score > worst).slice(0, 3);
    const sections: string[] = [];
    if (definitions.length > 0) {
      sections.push(["Defined here:", ...definitions.map((hit) => this.#hitLine(hit))].join("\n"));
    }
    for (const excerpt of this.#evidence.excerpts) {
      const place = places.find((each) => each.path === excerpt.path);
      sections.push(
        this.#excerpt(place ? around(excerpt, place.line) : excerpt, MAX_EXCERPT_LINES),
      );
    }
    const rest = places.filter((place) => !definitions.includes(place));
    const files = bestOfFiles(rest);
    const atLeast = this.#evidence.searches.some((search) => search.isCut) ? "at least " : "";
    const counts = `${atLeast}${rest.length} lines of ${files.length} files`;
    sections.push(...this.#mentions(files, `Mentioned in ${counts}, the best of each:`));
    const named = rankFiles(this.#evidence.listings.flatMap((listing) => listing.files));
    if (named.length > 0 && this.#question.terms.length > 0) {
      const shown = named.slice(0, MAX_MENTIONS).map((path) => `- ${code(this.#shorten(path))}`);
      sections.push(["Files by name:", ...shown, ...more(named.length, MAX_MENTIONS)].join("\n"));
    }
    return [...sections, ...this.#notFound(places)];
  }

  #notFound(places: readonly Hit[]): string[] {
    const all = places.map((place) => place.text.toLowerCase()).join("\n");
    const missing = this.#question.terms.filter((term) => !all.includes(term.text.toLowerCase()));
    if (missing.length === 0) return [];
    return [`Not found in any file: ${missing.map((term) => code(term.text)).join(", ")}.`];
  }

  #mentions(places: readonly Hit[], title: string): string[] {
    if (places.length === 0) return [];
    const shown = places.slice(0, MAX_MENTIONS).map((hit) => this.#hitLine(hit));
    return [[title, ...shown, ...more(places.length, MAX_MENTIONS)].join("\n")];
  }

  #hitLine(hit: Hit): string {
    return `- \`${this.#shorten(hit.path)}:${hit.line}\` ${code(hit.text.trim())}`;
  }

  #excerpt(excerpt: Excerpt, maxLines: number): string {
    return quoteLines(this.#shorten(excerpt.path), excerpt.lines.slice(0, maxLines));
  }
}

function isPrivate(path: string): boolean {
  return /(^|\/)_[^/]*$/u.test(path);
}

function groupByFile(hits: readonly Hit[]): Map<string, Hit[]> {
  return Map.groupBy(hits, (hit) => hit.path);
}

function more(total: number, shown = MAX_LISTED): string[] {
  return total > shown ? [`- … and ${total - shown} more`] : [];
}

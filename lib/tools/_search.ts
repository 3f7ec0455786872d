/** What a search engine does; ripgrep is one, the TypeScript walk the other. @module */

/** Which files of a folder count. All paths are real, absolute ones. */
export interface FileSelection {
  /** The folder to search. */
  base: string;
  /** Whether entries whose name begins with a dot count. Version control folders never do then. */
  hidden: boolean;
  /** Whether ignore files are disregarded. */
  noIgnore: boolean;
  /** Trees inside the base that are closed to the caller; they are not even opened. */
  closed: readonly string[];
  /** Whether the caller may know of a file; asked for each one before anything is said about it. */
  mayRead(path: string): boolean;
}

/** What to look for, and in which of the selected files. */
export interface TextQuery extends FileSelection {
  /** Only the file of this name in the base, whatever the other rules say. */
  only?: string;
  /** Regular expression in ripgrep's syntax. */
  pattern: string;
  ignoreCase: boolean;
  /** Whether a match may span lines and `.` matches a line feed. */
  multiline: boolean;
  /** Glob in the grammar of ignore files; a leading `!` excludes. */
  glob?: string;
  /** Name of a file type. */
  type?: string;
  /** Whether the names of the matching files are enough. */
  filesOnly: boolean;
  /** Matching lines of one file after which the caller wants no more of it. */
  maxMatches: number;
  /** Lines of context before and after each match. */
  before: number;
  after: number;
}

/** One line of a result. Context lines overlap nothing: each line comes once. */
export interface FoundLine {
  path: string;
  /** Counted from 1. */
  number: number;
  /** The text without its line end. */
  text: string;
  isMatch: boolean;
}

/** Something that could not be read. It never ends a search. */
export interface Unreadable {
  path: string;
  reason: string;
}

/** Whether more is wanted. */
export type Continue = "stop" | void;

/** Gets the results, ordered by path and line. After `"stop"` it is called no more. */
export interface TextVisitor {
  /** A file with a match; only with `filesOnly`. */
  onFile(path: string): Continue;
  /** A line; never with `filesOnly`. */
  onLine(line: FoundLine): Continue;
  onUnreadable(file: Unreadable): void;
}

/** Something that searches folders. */
export interface SearchEngine {
  /** Tells the selected regular files, in no order. Symbolic links are not followed. */
  listFiles(
    selection: FileSelection,
    onFile: (path: string) => Continue,
    options: { signal: AbortSignal },
  ): Promise<void>;

  /**
   * Searches text.
   *
   * @throws {SearchSyntaxError} When the pattern, the glob or the type is not one.
   */
  searchText(
    query: TextQuery,
    visitor: TextVisitor,
    options: { signal: AbortSignal },
  ): Promise<void>;
}

/** A query that cannot be run. */
export class SearchSyntaxError extends Error {
  override readonly name = "SearchSyntaxError";

  constructor(readonly part: "regex" | "glob" | "type", message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Folders of version control systems: large, and nothing in them was written by a person. */
export const VERSION_CONTROL_FOLDERS = [".git", ".hg", ".jj", ".svn"] as const;

import { CORPUS } from "./_corpus.ts";

/** An artifact of the corpus. */
export interface CorpusFile {
  readonly path: string;
  readonly ticketId: string;
  readonly text: string;
}

/** Every artifact of this name, of all three generations. */
export function corpusFiles(name: string): CorpusFile[] {
  const parents = ["v1/open/", "v1/pending/", "v1/closed/", "v2/", "v3/"];
  return parents.map((parent) => new URL(`tickets/${parent}`, CORPUS)).flatMap((parent) =>
    [...Deno.readDirSync(parent)].filter((entry) => entry.isDirectory).flatMap((entry) => {
      const path = new URL(`${entry.name}/artifacts/${name}`, parent).pathname;
      const text = readIfThere(path);
      return text === undefined ? [] : [{ path, ticketId: entry.name, text }];
    })
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

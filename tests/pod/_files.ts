/** The text of a file. */
export function readText(path: string): string {
  return Deno.readTextFileSync(path);
}

/** Writes behind what a file holds, as another program would. */
export function appendText(path: string, text: string): void {
  Deno.writeTextFileSync(path, text, { append: true });
}

/** The names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

/** The permission bits of a file or folder. */
export function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}

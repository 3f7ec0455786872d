/** A method that is another one for a while. @module */

/** Puts `replacement` in the place of a method until disposal. */
export function stub<Owner extends object, Key extends keyof Owner>(
  owner: Owner,
  key: Key,
  replacement: Owner[Key],
): Disposable {
  const original = owner[key];
  owner[key] = replacement;
  return {
    [Symbol.dispose]: () => {
      owner[key] = original;
    },
  };
}

/** What the runtime throws when the disk is full. */
export function diskFull(): Error {
  return Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
}

/** Runs a test in a folder of its own. */
export async function inFolder(test: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

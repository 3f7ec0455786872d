/** Whether a path stays inside a folder, links on its way included. @module */

import { dirname, isAbsolute, join, relative } from "@std/path";

/** Whether a path lies in a folder, or is that folder, as far as its text says. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}

/** A link that leads out of a folder, or nowhere. */
export interface WayOut {
  /** The link. */
  readonly link: string;
  /** Where it leads; `null` for nothing. */
  readonly target: string | null;
}

/**
 * The link over which the way to a path leaves a folder that the path lies in; `undefined` when it
 * stays there. Of a path that is still to be made, the folders count that are there.
 */
export async function wayOutOf(folder: string, path: string): Promise<WayOut | undefined> {
  let place = path;
  let target = await targetOf(place);
  while (target === undefined && place !== folder && isWithin(folder, place)) {
    place = dirname(place);
    target = await targetOf(place);
  }
  if (target === undefined) return undefined;
  if (target !== null && isWithin(await targetOf(folder) ?? folder, target)) return undefined;
  return { link: await linkOnTheWay(folder, place), target };
}

/** The first link between a folder and a path below it. */
async function linkOnTheWay(folder: string, path: string): Promise<string> {
  const steps = relative(folder, path).split("/");
  for (let count = 1; count < steps.length; count++) {
    const place = join(folder, ...steps.slice(0, count));
    if ((await Deno.lstat(place)).isSymlink) return place;
  }
  return path;
}

/** Where a path leads, `undefined` where nothing is, `null` where a link leads to nothing. */
async function targetOf(path: string): Promise<string | null | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return undefined; // told by who reads it
  }
  try {
    return (await Deno.lstat(path)).isSymlink ? null : undefined;
  } catch {
    return undefined;
  }
}

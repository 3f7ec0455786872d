/** @module */

/** What a program started by a tool may know of this process's environment. */
const INHERITED = ["PATH", "HOME", "XDG_CONFIG_HOME", "LANG", "LC_ALL", "TMPDIR"];

/**
 * The environment of programs that tools start: an allow list, so that no key or token of this
 * process reaches them.
 *
 * Source: hazards, section B.
 */
export function toolEnvironment(
  env: (name: string) => string | undefined,
): Record<string, string> {
  const entries = INHERITED.flatMap((name) => {
    const value = env(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

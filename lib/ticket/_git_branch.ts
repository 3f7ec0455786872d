/** @module */

/**
 * What keeps a text from being the short name of a git branch, `undefined` when nothing does: the
 * rules of `git check-ref-format --branch`, and no name that means something else to git.
 */
export function faultOfBranchName(name: string): string | undefined {
  // deno-lint-ignore no-control-regex -- git refuses them
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(name)) {
    return "must not contain blanks, control characters or any of ~ ^ : ? * [ \\";
  }
  if (name === "" || name === "@" || name === "HEAD" || name.startsWith("refs/")) {
    return "must be the short name of a branch";
  }
  if (name.includes("..") || name.includes("@{")) return "must not contain .. or @{";
  if (name.startsWith("-") || name.endsWith(".")) return "must not begin with - or end with .";
  const isOddPart = (part: string) => part === "" || part.startsWith(".") || part.endsWith(".lock");
  if (name.split("/").some(isOddPart)) {
    return "must not have a part that is empty, begins with . or ends with .lock";
  }
  return undefined;
}

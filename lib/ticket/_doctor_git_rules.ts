/** Rules about the clone that a root lies in: how git merges its tickets. @module */

import type { CloneFacts, GitFacts, StrayAttribute, UnmergedFile } from "./_doctor_facts.ts";
import type { DoctorRule, Finding } from "./doctor_report.ts";

/** Ours, after all others. */
export const GIT_RULES: readonly DoctorRule<GitFacts>[] = [
  {
    code: "git_refuses",
    severity: "warning",
    number: null,
    check(facts, report) {
      if (!("refusal" in facts)) return;
      report({
        path: facts.top,
        message: `Git does not say how it merges tickets: ${facts.refusal}; fix that, then` +
          " run `yoi ticket init`",
      });
    },
  },
  // A warning as all of ours are: until `git add` the index still holds both versions, and somebody
  // may well have chosen ours.
  cloneRule("merge_unfinished", ({ unmerged }, report) => {
    for (const one of unmerged) report({ file: one.file, message: unmergedMessage(one) });
  }),
  cloneRule("merge_driver_missing", ({ top, driver }, report) => {
    if (driver !== undefined) return;
    report({
      path: top,
      message: "This clone does not know how to merge tickets, so git will stop at every thread" +
        " that two branches added to: `yoi ticket init` sets up its merge driver",
    });
  }),
  cloneRule("merge_driver_broken", ({ top, driver }, report) => {
    for (const name of driver?.missing ?? []) {
      report({
        path: top,
        message: `The merge driver of this clone cannot run, as there is no "${name}":` +
          " `yoi ticket init` sets it again",
      });
    }
  }),
  cloneRule("merge_driver_unused", ({ strays }, report) => {
    for (const stray of strays) report({ file: stray.file, message: strayMessage(stray) });
  }),
  cloneRule("records_ignored", ({ ignored }, report) => {
    for (const { source, line, pattern, files } of ignored) {
      report({
        path: source,
        line,
        message:
          `Git ignores ${quoted(files)} of new tickets because of \`${pattern}\`, so commits` +
          " and other clones lack them: change or remove that line, then `git add` what is missing",
      });
    }
  }),
];

function cloneRule(
  code: string,
  check: (facts: CloneFacts, report: (finding: Finding) => void) => void,
): DoctorRule<GitFacts> {
  return {
    code,
    severity: "warning",
    number: null,
    check(facts, report) {
      if (!("refusal" in facts)) check(facts, report);
    },
  };
}

function unmergedMessage({ path, file, kind }: UnmergedFile): string {
  switch (kind) {
    case "ours_alone":
      return "Git has not finished merging this file, which holds our version alone, so that" +
        ` \`git add\` would lose the other one: after \`yoi ticket init\`, \`git checkout --merge --` +
        ` ':/${path}'\` merges them again; if the file stays the same then, \`git add\` it`;
    case "by_git":
      return "Git has not finished merging this file, and its conflict markers were set without the" +
        " merge driver, so they may cut through an event: once `yoi ticket init` has set up the" +
        ` driver, \`git checkout --merge -- ':/${path}'\` merges the file again`;
    case "they_deleted":
      return deletedMessage("the other branch", "HEAD", path, file);
    case "we_deleted":
      return deletedMessage("our branch", "MERGE_HEAD", path, file);
    case "moved":
      return "One branch has migrated the ticket of this file, the other has kept working on it under" +
        ` its old id, and git did not find the new one: ${WITHOUT_RENAMES}`;
    case "renamed":
      return "Git took this file for one that each branch renamed in its own way, and mixes tickets" +
        ` that are alike: ${WITHOUT_RENAMES}`;
    case "merged":
      return "Git has not finished merging this file: settle what is between conflict markers, if" +
        " there are any, then `git add` it";
  }
}

/** How branches come together of which one or both have new names for their tickets. */
const WITHOUT_RENAMES = "abandon the merge (`git merge --abort`), run `yoi ticket migrate` on the" +
  " branch that has old ids and commit, then merge with `-s recursive -X no-renames`";

/**
 * Of a ticket that was deleted git says nothing of the files that went without a conflict. Where only
 * a resolution was, the other side has files of its own.
 */
function deletedMessage(deleter: string, revision: string, path: string, file: string): string {
  const message = `Git has not finished merging this file, which ${deleter} deleted and the other` +
    " side changed: `git rm` removes it; ";
  const [, folder] = /^(.*)\/(?:item|thread)\.md$/s.exec(path) ?? [];
  return folder === undefined || !file.includes("/")
    ? `${message}\`git add\` keeps it`
    : `${message}to keep the whole ticket, \`git checkout ${revision} -- ':/${folder}'\`` +
      (revision === "HEAD"
        ? ""
        : " (with REBASE_HEAD or CHERRY_PICK_HEAD in such a merge, with 'stash@{0}' after a" +
          " `git stash pop`)");
}

function strayMessage({ names, value }: StrayAttribute): string {
  const files = quoted(names);
  return value === "unspecified"
    ? `Git merges ${files} line by line here, without yoi: \`yoi ticket init\` adds the lines that` +
      " .gitattributes lacks"
    : `Git merges ${files} as its attribute "${value}" says, without yoi: remove the line that` +
      " sets it in a .gitattributes, or in the .git/info/attributes of this clone";
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

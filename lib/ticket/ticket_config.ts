/**
 * `.yoi/ticket.config.toml`: where the tickets of a workspace lie, in which language they are kept,
 * and how the roles that work on them are launched.
 *
 * Source: tickets specification, section 9, and the `[orchestration]` table of section 14.
 *
 * @module
 */

import { isAbsolute, join, resolve } from "@std/path";
import { systemReason } from "../file/system_reason.ts";
import { ConfigFault, ConfigTable } from "./_config_table.ts";
import { faultOfBranchName } from "./_git_branch.ts";
import { filePath } from "./_root_path.ts";
import { checkToml } from "./_toml_rules.ts";
import { isWithin, wayOutOf } from "./_way_out.ts";

/**
 * What is wrong with the configuration:
 * - `io`: the file cannot be read;
 * - `syntax`: it is not TOML, or has a table, a key or a type that the format does not know;
 * - `invalid`: a value is not allowed;
 * - `escapes_workspace`: the root that it names lies outside the workspace, behind a link;
 * - `no_role`, `no_profile`, `inherited_profile`: the role names no profile that could be launched.
 */
export type TicketConfigErrorCode =
  | "io"
  | "syntax"
  | "invalid"
  | "escapes_workspace"
  | "no_role"
  | "no_profile"
  | "inherited_profile";

/** A ticket configuration that cannot be used; the message names the file and what to change. */
export class TicketConfigError extends Error {
  /** Always `TicketConfigError`. */
  override readonly name = "TicketConfigError";

  /** Makes a configuration error. */
  constructor(
    /** What went wrong, stable. */
    readonly code: TicketConfigErrorCode,
    /** The file; for `escapes_workspace` the ticket root. */
    readonly path: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    const what = code === "escapes_workspace" ? "root" : "configuration";
    super(`Cannot use ticket ${what} "${path}": ${detail}`, options);
  }
}

/** Who works on tickets. */
export type TicketRole = "intake" | "orchestrator" | "coder" | "reviewer";

/** Every role, with its default workflow. */
export const TICKET_ROLES: Readonly<Record<TicketRole, string>> = {
  intake: "ticket-intake-workflow",
  orchestrator: "ticket-orchestrator-routing",
  coder: "multi-agent-workflow",
  reviewer: "multi-agent-workflow",
};

/** How a role is launched. */
export interface TicketRoleConfig {
  /** Whether the file has a table for the role. */
  readonly isConfigured: boolean;
  /** Profile selector as written; `undefined` without one, which counts as `inherit`. */
  readonly profile: string | undefined;
  /** First prompt of the Pod. */
  readonly launchPrompt: string | undefined;
  /** Name of the workflow. */
  readonly workflow: string;
}

/** Where orchestrated work is done. */
export interface OrchestrationConfig {
  /** Branch that collects the work. */
  readonly branch: string;
  /** Folder of the worktrees, relative to the workspace. */
  readonly worktreeDir: string;
  /** Name of the orchestrator's own worktree in that folder. */
  readonly worktreeName: string;
}

/** A ticket configuration with the defaults filled in. */
export interface TicketConfig {
  /** The file, whether it exists or not. */
  readonly path: string;
  /** Ticket root, absolute. */
  readonly root: string;
  /** Language of the records, as written. */
  readonly language: string | undefined;
  /** How each role is launched. */
  readonly roles: Readonly<Record<TicketRole, TicketRoleConfig>>;
  /** Where orchestrated work is done. */
  readonly orchestration: OrchestrationConfig;
}

/** Options for reading a configuration. */
export interface TicketConfigOptions {
  /** Whether `backend.root` may lie outside the workspace. Default `false`. */
  readonly allowOutside?: boolean | undefined;
}

/** Path of the configuration within its workspace. */
export const TICKET_CONFIG_PATH = ".yoi/ticket.config.toml";

/**
 * Reads the configuration of a workspace; without a file, everything has its default. Folders above
 * the workspace are not searched.
 *
 * @param workspace Its folder: a path, or a `file:` URL.
 * @throws {TicketConfigError} `io`, `syntax`, `invalid`, `escapes_workspace`.
 * @throws {TypeError} For a URL that does not name a file on this computer.
 */
export async function loadTicketConfig(
  workspace: string | URL,
  options: TicketConfigOptions = {},
): Promise<TicketConfig> {
  const folder = resolve(filePath(workspace));
  const path = join(folder, TICKET_CONFIG_PATH);
  const text = await readConfig(path);
  // The parser is loaded only by those who have something to parse.
  const { parse } = await import("@std/toml");
  const config = parseTicketConfig(text, path, parse, options);
  if (!options.allowOutside) await checkLinks(folder, config.root);
  return config;
}

/** A checkout can bring a link with it: what it says of its root must not lead elsewhere. */
async function checkLinks(workspace: string, root: string): Promise<void> {
  const out = await wayOutOf(workspace, root);
  if (out === undefined) return;
  const where = out.target === null
    ? "nothing"
    : `${JSON.stringify(out.target)}, outside the workspace`;
  const detail = `it leads through the symbolic link ${JSON.stringify(out.link)} to ${where};` +
    " to use it anyway, name it with --root";
  throw new TicketConfigError("escapes_workspace", root, detail);
}

/**
 * Reads the text of a configuration. A relative root is relative to the workspace, the folder two
 * levels above the file.
 *
 * @param path The file, absolute.
 * @param parseToml Turns TOML into a value, or throws.
 * @throws {TicketConfigError} `syntax`, `invalid`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parse } from "@std/toml";
 * import { parseTicketConfig, renderInitialConfig } from "@yoi/yoi/tickets";
 *
 * const config = parseTicketConfig(renderInitialConfig(), "/w/.yoi/ticket.config.toml", parse);
 * assertEquals(config.root, "/w/.yoi/tickets");
 * assertEquals(config.roles.coder.profile, "builtin:coder");
 * ```
 */
export function parseTicketConfig(
  text: string,
  path: string,
  parseToml: (text: string) => unknown,
  options: TicketConfigOptions = {},
): TicketConfig {
  const workspace = resolve(path, "../..");
  try {
    const known = ["backend", "ticket", "roles", "orchestration"];
    const document = new ConfigTable(tomlOf(text, parseToml), "", known);
    return {
      path,
      root: rootOf(document, workspace, options.allowOutside ?? false),
      language: document.table("ticket", ["language"]).filledText("language"),
      roles: rolesOf(document),
      orchestration: orchestrationOf(document),
    };
  } catch (cause) {
    if (!(cause instanceof ConfigFault)) throw cause;
    throw new TicketConfigError(cause.code, path, cause.message, { cause: cause.cause });
  }
}

/**
 * The profile with which a role is launched.
 *
 * @throws {TicketConfigError} `no_role`, `no_profile` or `inherited_profile` if the configuration
 * names none.
 */
export function roleLaunchProfile(config: TicketConfig, role: TicketRole): string {
  const { isConfigured, profile } = config.roles[role];
  const fail = (code: TicketConfigErrorCode, detail: string): never => {
    throw new TicketConfigError(code, config.path, detail);
  };
  if (!isConfigured) return fail("no_role", `there is no table [roles.${role}]`);
  if (profile === undefined) return fail("no_profile", `[roles.${role}] names no profile`);
  if (profile === INHERIT) {
    return fail(
      "inherited_profile",
      `"roles.${role}.profile" is "${INHERIT}", which names no profile to launch`,
    );
  }
  return profile;
}

/** The configuration that `ticket init` writes. */
export function renderInitialConfig(): string {
  const roles = ROLE_NAMES.map((role) =>
    [
      `[roles.${role}]`,
      `profile = "builtin:${role}"`,
      `workflow = "${TICKET_ROLES[role]}"`,
    ].join("\n")
  );
  return `${
    [
      `[backend]\nprovider = "${PROVIDER}"\nroot = "${DEFAULT_ROOT}"`,
      '# Language of ticket records:\n# [ticket]\n# language = "English"',
      ...roles,
    ].join("\n\n")
  }\n`;
}

const PROVIDER = "builtin:yoi_local";
const DEFAULT_ROOT = ".yoi/tickets";
const INHERIT = "inherit";
const ROLE_NAMES = ["intake", "orchestrator", "coder", "reviewer"] as const;

/** Size of a file that is read: the time that its parser takes grows with the square. */
const MAX_CONFIG_BYTES = 64 * 1024;
/** Signs `=` in it, of keys and within texts; a whole one has about twenty keys. */
const MAX_EQUALS_SIGNS = 2_000;

/** Text of the file, empty when there is none. */
async function readConfig(path: string): Promise<string> {
  try {
    // Opening a FIFO would wait for a writer.
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw new TicketConfigError("io", path, "it is not a file");
    if (size > MAX_CONFIG_BYTES) {
      const detail =
        `it has ${size} bytes, and no configuration needs more than ${MAX_CONFIG_BYTES}`;
      throw new TicketConfigError("syntax", path, detail);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (cause) {
    if (cause instanceof TicketConfigError) throw cause;
    if (cause instanceof Deno.errors.NotFound) return "";
    if (cause instanceof TypeError) {
      throw new TicketConfigError("syntax", path, "it is not UTF-8", { cause });
    }
    throw new TicketConfigError("io", path, systemReason(cause), { cause });
  }
}

function tomlOf(text: string, parseToml: (text: string) => unknown): unknown {
  if (text.split("=", MAX_EQUALS_SIGNS + 2).length > MAX_EQUALS_SIGNS + 1) {
    throw new ConfigFault(
      "syntax",
      `it has more than ${MAX_EQUALS_SIGNS} keys, of which most are unknown`,
    );
  }
  try {
    const value = parseToml(text);
    checkToml(text);
    return value;
  } catch (cause) {
    if (cause instanceof ConfigFault) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigFault("syntax", `it is not TOML: ${detail}`, { cause });
  }
}

function rootOf(document: ConfigTable, workspace: string, allowOutside: boolean): string {
  const backend = document.table("backend", ["provider", "kind", "root"]);
  const provider = backend.filledText("provider");
  const kind = backend.filledText("kind");
  if (provider !== undefined && kind !== undefined) {
    backend.refuse("kind", 'is the old name of "backend.provider": keep only one of them');
  }
  if (provider !== undefined && provider !== PROVIDER) {
    backend.refuse("provider", `must be "${PROVIDER}", not ${JSON.stringify(provider)}`);
  }
  if (kind !== undefined && kind !== "local") {
    backend.refuse("kind", `must be "local", not ${JSON.stringify(kind)}`);
  }
  const written = backend.text("root") ?? DEFAULT_ROOT;
  if (written.trim() === "") backend.refuse("root", "must not be blank");
  if (written.includes("\0")) backend.refuse("root", "must not contain NUL");
  const root = resolve(workspace, written);
  if (!allowOutside && !isWithin(workspace, root)) {
    backend.refuse("root", `must lie inside the workspace, not at ${JSON.stringify(root)}`);
  }
  return root;
}

function rolesOf(document: ConfigTable): Record<TicketRole, TicketRoleConfig> {
  const roles = document.table("roles", ROLE_NAMES);
  const roleOf = (role: TicketRole): TicketRoleConfig => {
    const table = roles.table(role, ["profile", "launch_prompt", "workflow"]);
    const profile = table.filledText("profile");
    const fault = profile === undefined ? undefined : faultOfSelector(profile);
    if (fault !== undefined) table.refuse("profile", fault);
    return {
      isConfigured: roles.has(role),
      profile,
      launchPrompt: table.filledText("launch_prompt"),
      workflow: table.filledText("workflow") ?? TICKET_ROLES[role],
    };
  };
  return {
    intake: roleOf("intake"),
    orchestrator: roleOf("orchestrator"),
    coder: roleOf("coder"),
    reviewer: roleOf("reviewer"),
  };
}

/** A selector names a profile of a registry, never a file. */
function faultOfSelector(selector: string): string | undefined {
  const isPath = /^(?:path:|\.)|\/|\.(?:lua|nix)$/.test(selector);
  if (isPath) return `must name a profile, not a file: ${JSON.stringify(selector)}`;
  const colon = selector.indexOf(":");
  if (colon < 0) return undefined;
  const source = selector.slice(0, colon);
  if (!["builtin", "user", "project"].includes(source)) {
    return `must begin with builtin:, user: or project:, not ${JSON.stringify(`${source}:`)}`;
  }
  const isNamed = selector.slice(colon + 1).trim() !== "";
  return isNamed ? undefined : `must name a profile after ${JSON.stringify(`${source}:`)}`;
}

function orchestrationOf(document: ConfigTable): OrchestrationConfig {
  const table = document.table("orchestration", ["branch", "worktree_dir", "worktree_name"]);
  const branch = table.text("branch") ?? "orchestration";
  const fault = faultOfBranchName(branch);
  if (fault !== undefined) table.refuse("branch", fault);
  const pathOf = (name: string, otherwise: string) => {
    const path = table.text(name) ?? otherwise;
    const pathFault = faultOfRelativePath(path);
    if (pathFault !== undefined) table.refuse(name, pathFault);
    return path;
  };
  return {
    branch,
    worktreeDir: pathOf("worktree_dir", ".worktree"),
    worktreeName: pathOf("worktree_name", "orchestration"),
  };
}

function faultOfRelativePath(path: string): string | undefined {
  if (path.trim() === "") return "must not be blank";
  if (path !== path.trim()) return "must not begin or end with blanks";
  if (path.includes("\0")) return "must not contain NUL";
  if (isAbsolute(path)) return "must be a relative path";
  const hasDots = path.split(/[\\/]/).some((part) => part === "." || part === "..");
  return hasDots ? 'must not have a part "." or ".."' : undefined;
}

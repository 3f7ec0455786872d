/** The program `yoi`. @module */

import { runCli } from "./lib/cli/run_cli.ts";
// Only for `deno install`: it follows types as well, and so fetches the packages of every verb.
import type {} from "./lib/cli/whole_program.ts";

if (import.meta.main) Deno.exit(await runCli(Deno.args));

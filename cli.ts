/** The program `yoi`. @module */

import { runCli } from "./lib/cli/run_cli.ts";

if (import.meta.main) Deno.exit(await runCli(Deno.args));

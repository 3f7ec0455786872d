/** `yoi list`. @module */

import { locksDir, podsRoot, sessionsRoot } from "../../config/paths.ts";
import { findPods } from "../../fleet/find_pods.ts";
import { PodList } from "../../fleet/pod_list.ts";
import { PodStore } from "../../fleet/pod_store.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { podTable } from "../pod_table.ts";

/** Shows the Pods of this host. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { data, runtime } = context.paths();
  const sources = await findPods({
    store: new PodStore({ root: podsRoot(data), locks: locksDir(runtime) }),
    sessionsRoot: sessionsRoot(data),
    runtimeRoot: runtime,
  });
  const { rows } = PodList.from(sources);
  const { stdout, stderr } = context.terminal;
  if (args.has("json")) await stdout.write(`${JSON.stringify({ pods: rows })}\n`);
  else if (rows.length > 0) await stdout.write(podTable(rows, stdout, Date.now()));
  else stderr.announce(`There are no Pods yet; yoi run NAME "..." starts one\n`);
  return EXIT.done;
}

/**
 * The same three children under this supervisor, under `pm2` and under `concurrently`: descriptors
 * before and after 200 restarts, time from a child's exit to its replacement, lines lost. Run by hand;
 * the two others are installed by npm into a temporary folder:
 *
 *     deno run --allow-read --allow-write --allow-net --allow-run --allow-env --allow-sys \
 *       tools/compare_supervisors.ts
 *
 * Of the three children one crashes again and again, one prints a line now and then, one is silent.
 * Crashes are what all of them restart after: `concurrently` has no command that restarts a child.
 */

import { runCommand } from "../lib/process/run_command.ts";
import { type Child, spawnChild } from "../lib/process/child.ts";
import { PERMISSION_FLAGS } from "../lib/process/self_command.ts";
import { ROOT, say, VERSION, withTempDir } from "./_project.ts";

const RESTARTS = 200;
const LINES_EACH = 100;
const VERSIONS = { pm2: "7.0.4", concurrently: "9.2.5" };
/** Milliseconds that one supervisor has for all restarts. */
const LIMIT_MS = 120_000;
/** Milliseconds that it has to start all children, and to pass on what was printed last. */
const SETTLE_MS = 2_000;

/**
 * Waits for the gate, prints its lines and fails at once; the last incarnation stays. Its own notes
 * of start and end are what times are taken from.
 */
const CRASHER = `
echo "start $(date +%s%N)" >> notes
until [ -e gate ]; do sleep 0.01; done
if [ "$(grep -c start notes)" -gt ${RESTARTS} ]; then touch done; exec sleep 1000; fi
i=0
while [ $i -lt ${LINES_EACH} ]; do i=$((i+1)); echo "payload $$ $i"; done
echo "end $(date +%s%N)" >> notes
exit 1
`;
const TICKER = `while true; do echo tick; sleep 0.1; done`;
const SILENT = `exec sleep 1000`;
const SCRIPTS = { crasher: CRASHER, ticker: TICKER, silent: SILENT };

/** One way to keep the children alive. */
interface Contender {
  name: string;
  /** Starts it in a folder that holds the scripts; the children write into that folder. */
  start(folder: string): Promise<Running>;
}

/** A supervisor that runs. */
interface Running {
  /** Of the process whose descriptors count. */
  pid: number;
  /** Ends it and gives all that it passed on of its children's output. */
  stop(): Promise<string>;
}

/** What was measured of one. */
interface Measured {
  name: string;
  descriptors: [before: number, after: number];
  replacementMs: number;
  lost: number;
}

const yoi: Contender = {
  name: `yoi supervise ${VERSION}`,
  async start(folder) {
    const children = Object.keys(SCRIPTS).map((name) => ({
      name,
      command: ["sh", `${name}.sh`],
      restart: "always",
      backoff: { initialMs: 1, maxMs: 1, factor: 1 },
      maxRestarts: RESTARTS * 2,
    }));
    await Deno.writeTextFile(`${folder}/supervise.jsonc`, JSON.stringify({ children }));
    const command = [Deno.execPath(), "run", ...PERMISSION_FLAGS, `${ROOT}/cli.ts`, "supervise"];
    return inForeground(spawnChild({ command, cwd: folder, stdout: "piped", stderr: "piped" }));
  },
};

function concurrently(packages: string): Contender {
  return {
    name: `concurrently ${VERSIONS.concurrently}`,
    start(folder) {
      const command = [
        "node",
        `${packages}/concurrently/dist/bin/concurrently.js`,
        `--restart-tries=${RESTARTS * 2}`,
        "--restart-after=0",
        `--names=${Object.keys(SCRIPTS).join()}`,
        ...Object.keys(SCRIPTS).map((name) => `exec sh ${name}.sh`),
      ];
      return Promise.resolve(
        inForeground(spawnChild({ command, cwd: folder, stdout: "piped", stderr: "piped" })),
      );
    },
  };
}

function pm2(packages: string): Contender {
  return {
    name: `pm2 ${VERSIONS.pm2}`,
    async start(folder) {
      const apps = Object.keys(SCRIPTS).map((name) => ({
        name,
        script: `${folder}/${name}.sh`,
        interpreter: "sh",
        cwd: folder,
        max_restarts: RESTARTS * 2,
        min_uptime: 0,
        out_file: `${folder}/${name}.out`,
        error_file: `${folder}/${name}.err`,
      }));
      await Deno.writeTextFile(`${folder}/apps.json`, JSON.stringify({ apps }));
      const home = `${folder}/pm2`;
      const control = async (...words: string[]) => {
        const command = ["node", `${packages}/pm2/bin/pm2`, ...words];
        const { status, stdout, stderr } = await runCommand({ command, env: { PM2_HOME: home } });
        if (status.code !== 0) throw new Error(`Cannot run pm2: ${stdout}${stderr}`);
      };
      await control("start", `${folder}/apps.json`);
      return {
        pid: Number(await Deno.readTextFile(`${home}/pm2.pid`)),
        async stop() {
          await control("kill");
          return await Deno.readTextFile(`${folder}/crasher.out`);
        },
      };
    },
  };
}

function inForeground(child: Child): Running {
  const printed = new Response(child.stdout as ReadableStream<Uint8Array<ArrayBuffer>>).text();
  const complaints = new Response(child.stderr as ReadableStream<Uint8Array<ArrayBuffer>>).text();
  return {
    pid: child.pid,
    async stop() {
      await child.stop();
      await complaints;
      return await printed;
    },
  };
}

async function measure({ name, start }: Contender): Promise<Measured> {
  return await withTempDir(async (folder) => {
    for (const [script, text] of Object.entries(SCRIPTS)) {
      await Deno.writeTextFile(`${folder}/${script}.sh`, text);
    }
    const running = await start(folder);
    let printed = "";
    let before: number;
    let after: number;
    try {
      await until(() => exists(`${folder}/notes`));
      await settle();
      before = await descriptors(running.pid);
      await Deno.writeTextFile(`${folder}/gate`, "");
      await until(() => exists(`${folder}/done`));
      await settle();
      after = await descriptors(running.pid);
    } finally {
      printed = await running.stop();
    }
    const arrived = printed.match(/payload \d+ \d+$/gm)?.length ?? 0;
    return {
      name,
      descriptors: [before, after],
      replacementMs: median(gaps(await Deno.readTextFile(`${folder}/notes`))),
      lost: RESTARTS * LINES_EACH - arrived,
    };
  });
}

/** Milliseconds from each end of the crasher to its next start. */
function gaps(notes: string): number[] {
  const found: number[] = [];
  let ended: bigint | undefined;
  for (const [, word, time] of notes.matchAll(/^(start|end) (\d+)$/gm)) {
    if (word === "end") ended = BigInt(time!);
    else if (ended !== undefined) found.push(Number(BigInt(time!) - ended) / 1e6);
  }
  return found;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The runtime itself opens `/proc` only with every permission there is. */
async function descriptors(pid: number): Promise<number> {
  const { stdout } = await runCommand({ command: ["ls", `/proc/${pid}/fd`] });
  return stdout.trim().split("\n").length;
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!await isSo()) {
    if (performance.now() > deadline) throw new Error(`Cannot wait longer than ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

await withTempDir(async (folder) => {
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  const install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, ...wanted];
  const { status, stderr } = await runCommand({ command: install });
  if (status.code !== 0) throw new Error(`Cannot install ${wanted.join(", ")}: ${stderr}`);
  const packages = `${folder}/node_modules`;
  const node = (await runCommand({ command: ["node", "--version"] })).stdout.trim();
  await say(`${new Date().toISOString().slice(0, 10)}, Deno ${Deno.version.deno}, Node ${node}`);
  await say(`${RESTARTS} crash restarts of one of three children, ${LINES_EACH} lines each`);
  await say("");
  await say("| supervisor | descriptors before, after | exit to replacement | lines lost |");
  await say("| --- | --- | --- | --- |");
  for (const contender of [yoi, pm2(packages), concurrently(packages)]) {
    const { name, descriptors: [before, after], replacementMs, lost } = await measure(contender);
    const time = `${replacementMs.toFixed(1)} ms`;
    await say(`| ${name} | ${before}, ${after} | ${time} | ${lost} of ${RESTARTS * LINES_EACH} |`);
  }
});

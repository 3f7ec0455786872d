import { assert, assertEquals } from "@std/assert";
import { isEmbedded, parseEmbedded } from "../../tools/_embedded.ts";

const REPORT = `Compile cli.ts to dist/yoi

Embedded Files

yoi
├─┬ .deno_compile_node_modules (7.29MB - 7.22MB unique)
│ └─┬ localhost (7.29MB - 7.22MB unique)
│   └── zod/4.6.7/* (5.93MB - 5.86MB unique)
├── cli.ts (1.1KB)
└─┬ lib (887.37KB)
  ├── client/* (106.04KB)
  └─┬ pod (65.92KB)
    └── step.ts (7.3KB)

Files: 8.2MB
Metadata: 3.31KB
`;

Deno.test("parseEmbedded() reads paths out of the tree", () => {
  assertEquals(parseEmbedded(REPORT), [
    ".deno_compile_node_modules/localhost/zod/4.6.7/*",
    "cli.ts",
    "lib/client/*",
    "lib/pod/step.ts",
  ]);
});

Deno.test("isEmbedded() knows files of folders that are embedded whole", () => {
  const embedded = parseEmbedded(REPORT);
  assert(isEmbedded(embedded, "cli.ts"));
  assert(isEmbedded(embedded, "lib/client/probe.ts"));
  assert(!isEmbedded(embedded, "lib/pod/journal.ts"));
  assert(!isEmbedded(embedded, "lib/clients.ts"));
});

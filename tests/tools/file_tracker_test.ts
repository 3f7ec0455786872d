import { assertEquals } from "@std/assert";
import { FileTracker } from "../../lib/tools/file_tracker.ts";

Deno.test("FileTracker.recent() gives the files touched last, the latest first", () => {
  const tracker = new FileTracker();
  for (let n = 0; n < 30; n++) tracker.record(`/${n}`, "h");
  tracker.record("/3", "h2");
  assertEquals(tracker.recent(3), ["/3", "/29", "/28"]);
  assertEquals(tracker.recent().length, 20);
  assertEquals(tracker.stateOf("/3", "h"), "modified");
  assertEquals(tracker.stateOf("/0", "h"), "unchanged");
  assertEquals(tracker.stateOf("/99", "h"), "unread");
});

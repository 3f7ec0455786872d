/** Whose turn it is to start or to stop. Source: supervisor specification, section 4, rule 5. @module */

import type { ChildRunner } from "./child_runner.ts";
import { isAtRest, isUp } from "./child_state.ts";
import { dependentsOf } from "./start_order.ts";

/** The children of a supervisor, in the order of the configuration. */
export class Lineup {
  /** The children. */
  readonly runners: readonly ChildRunner[];
  readonly #byName: ReadonlyMap<string, ChildRunner>;
  readonly #dependents: ReadonlyMap<ChildRunner, readonly ChildRunner[]>;
  readonly #wereUp = new Set<ChildRunner>();

  /** None of them is up. */
  constructor(runners: readonly ChildRunner[]) {
    this.runners = runners;
    this.#byName = new Map(runners.map((runner) => [runner.config.name, runner]));
    const configs = runners.map(({ config }) => config);
    this.#dependents = new Map(runners.map((runner) => [
      runner,
      dependentsOf(configs, runner.config.name).map((name) => this.#byName.get(name)!),
    ]));
  }

  /** The child of that name. */
  get(name: string): ChildRunner | undefined {
    return this.#byName.get(name);
  }

  /** To be called after every change: remembers who has been up. */
  note(): void {
    for (const runner of this.runners) if (isUp(runner.state)) this.#wereUp.add(runner);
  }

  /** Whether a child has been up at least once. */
  wasUp(runner: ChildRunner): boolean {
    return this.#wereUp.has(runner);
  }

  /** Waiting children that may start: all that they start after have been up. */
  startable(): ChildRunner[] {
    return this.runners.filter((runner) =>
      runner.state.phase === "waiting" &&
      this.#dependenciesOf(runner).every((dependency) => this.wasUp(dependency))
    );
  }

  /**
   * The waiting children that can never start, each with the child that keeps it from that: one that
   * ended for good before it was up. A restart of that one, by hand, may still bring both up.
   */
  blocked(): ReadonlyMap<ChildRunner, ChildRunner> {
    const found = new Map<ChildRunner, ChildRunner | undefined>();
    const find = (runner: ChildRunner): ChildRunner | undefined => {
      if (found.has(runner)) return found.get(runner);
      let blocker: ChildRunner | undefined;
      if (runner.state.phase === "waiting") {
        for (const dependency of this.#dependenciesOf(runner)) {
          if (blocker || this.wasUp(dependency)) continue;
          blocker = isAtRest(dependency.state) ? dependency : find(dependency);
        }
      }
      found.set(runner, blocker);
      return blocker;
    };
    this.runners.forEach(find);
    return new Map([...found].filter((entry): entry is [ChildRunner, ChildRunner] => !!entry[1]));
  }

  /** Children that may stop: all that start after them are over. */
  stoppable(): ChildRunner[] {
    return this.runners.filter((runner) =>
      !isAtRest(runner.state) &&
      this.#dependents.get(runner)!.every((dependent) => isAtRest(dependent.state))
    );
  }

  /** Whether nothing is live and nothing comes by itself. */
  isAtRest(): boolean {
    return this.runners.every(({ state }) => isAtRest(state));
  }

  #dependenciesOf(runner: ChildRunner): ChildRunner[] {
    return runner.config.startAfter.map((name) => this.#byName.get(name)!);
  }
}

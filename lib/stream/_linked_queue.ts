/** A place in a {@link LinkedQueue}, kept by whoever may want to leave the queue early. */
export interface LinkedNode<T> {
  readonly value: T;
  previous: LinkedNode<T> | undefined;
  next: LinkedNode<T> | undefined;
}

/** First in, first out, with removal from anywhere in constant time. */
export class LinkedQueue<T> {
  #first: LinkedNode<T> | undefined;
  #last: LinkedNode<T> | undefined;
  #size = 0;

  /** How many values are queued. */
  get size(): number {
    return this.#size;
  }

  /** Adds `value` behind all others. */
  push(value: T): LinkedNode<T> {
    const node: LinkedNode<T> = { value, previous: this.#last, next: undefined };
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#size++;
    return node;
  }

  /** Takes the first node out, if there is one. */
  shift(): LinkedNode<T> | undefined {
    const node = this.#first;
    if (node !== undefined) this.remove(node);
    return node;
  }

  /** Takes `node` out, wherever it stands. It must still be queued. */
  remove(node: LinkedNode<T>): void {
    if (node.previous === undefined) this.#first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#last = node.previous;
    else node.next.previous = node.previous;
    node.previous = node.next = undefined;
    this.#size--;
  }
}

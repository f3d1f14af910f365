const NEAR_END_PX = 40;
const POINTED = "pointed";

// Where one reads in the log. While the newest message is in view it stays there, whatever comes below or takes room
// above; otherwise the first message in view does.
export class ReadingPlace {
  #log;
  #list;
  #moved;
  #first = null;
  #firstTop = 0;
  #scrollTop = 0;
  isAtEnd = true;

  // `moved` is told of each place that is taken.
  constructor(log, list, moved) {
    this.#log = log;
    this.#list = list;
    this.#moved = moved;
    log.addEventListener("scroll", () => this.#note());
    new ResizeObserver(() => this.keep()).observe(log);
    list.addEventListener("animationend", ({ target }) => target.classList.remove(POINTED));
  }

  goToEnd() {
    this.isAtEnd = true;
    this.keep();
  }

  // The event of a hand that scrolls comes a frame later than what it did; a drawing in between must not undo it.
  noteScrolling() {
    if (this.#log.scrollTop !== this.#scrollTop) {
      this.#note();
    }
  }

  keep() {
    if (this.isAtEnd) {
      this.#log.scrollTop = this.#log.scrollHeight;
    } else if (this.#first?.isConnected) {
      this.#log.scrollTop += this.#topOf(this.#first) - this.#firstTop;
    }
    this.#note();
  }

  // Eyes find it by its colour, ears by the focus.
  goTo(message) {
    message.scrollIntoView({ block: "center" });
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.classList.add(POINTED);
    this.#note();
  }

  #note() {
    const log = this.#log;
    this.#scrollTop = log.scrollTop;
    this.isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    this.#first = this.#firstInView();
    this.#firstTop = this.#first ? this.#topOf(this.#first) : 0;
    this.#moved();
  }

  #firstInView() {
    const { children } = this.#list;
    let [low, high] = [0, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#topOf(children[middle]) + children[middle].offsetHeight > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return children[low] ?? null;
  }

  #topOf(element) {
    return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
  }
}

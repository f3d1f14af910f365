import { element, setText } from "./dom.js";

const POINTED = "pointed";

// The message that another one answers, in short: a button that leads to it where it is in the list.
export function createQuote() {
  const quote = element("button", "quote");
  quote.type = "button";
  quote.append(element("span", "quoted-sender"), element("span", "quoted-text"));
  return quote;
}

export function updateQuote(node, quote) {
  node.hidden = !quote;
  if (quote) {
    const [sender, text] = node.children;
    node.dataset.quotedSeq = quote.seq;
    node.disabled = !quote.isShown;
    setText(sender, quote.sender);
    setText(text, quote.text);
  }
}

export function followQuotes(list) {
  list.addEventListener("click", ({ target }) => {
    const seq = target.closest(".quote")?.dataset.quotedSeq;
    const quoted = seq && list.querySelector(`[data-seq="${seq}"]`);
    if (quoted) {
      quoted.scrollIntoView({ block: "center" });
      quoted.classList.add(POINTED);
    }
  });
  list.addEventListener("animationend", ({ target }) => target.classList.remove(POINTED));
}

import { element, setText } from "./dom.js";

// The message that another one answers, in short: a button that leads to it.
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
    node.disabled = !quote.isToBeHad;
    setText(sender, quote.sender);
    setText(text, quote.text);
  }
}

export function followQuotes(list, goTo) {
  list.addEventListener("click", ({ target }) => {
    const quote = target.closest(".quote");
    if (quote) {
      goTo(Number(quote.dataset.quotedSeq));
    }
  });
}

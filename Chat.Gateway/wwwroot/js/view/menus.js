// An open menu closes when the hand or the focus goes elsewhere, and by Escape, which gives the focus back to it.
export function closeMenus() {
  const opened = () => [...document.querySelectorAll(".menu[open]")];
  const leave = ({ target }) => opened().filter((menu) => !menu.contains(target)).forEach(close);
  addEventListener("pointerdown", leave);
  addEventListener("focusin", leave);
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") {
      opened().forEach((menu) => {
        close(menu);
        menu.querySelector("summary").focus();
      });
    }
  });
}

function close(menu) {
  menu.open = false;
}

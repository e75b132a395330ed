// A button that opens the chat in a frame. It stores nothing and sends nothing by itself.
(() => {
  const words = {{ words|safe }};
  const address = {{ address|safe }};
  const frame = document.createElement("iframe");
  const button = document.createElement("button");
  const put = (element, style) => Object.assign(element.style, { position: "fixed", insetInlineEnd: "16px", zIndex: "2147483000", ...style });
  frame.title = words.title;
  frame.hidden = true;
  put(frame, { insetBlockEnd: "80px", inlineSize: "min(400px, calc(100vw - 32px))", blockSize: "min(640px, calc(100vh - 96px))", border: "1px solid #7b8a98", borderRadius: "8px", background: "#fff" });
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  put(button, { insetBlockEnd: "16px", padding: "12px 20px", border: "0", borderRadius: "24px", background: "#14506b", color: "#fff", font: "600 16px/1.25 system-ui, sans-serif", cursor: "pointer" });
  const show = (open) => {
    if (open && !frame.src) frame.src = address;
    frame.hidden = !open;
    button.textContent = open ? words.close : words.open;
    button.setAttribute("aria-expanded", String(open));
    if (open) frame.focus();
  };
  button.addEventListener("click", () => show(frame.hidden));
  show(false);
  document.body.append(button, frame);
})();

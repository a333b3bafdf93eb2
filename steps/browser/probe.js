function (selector, purpose, x, y) {
  'use strict';
  const result = {title: document.title, found: false};
  let element;
  try {
    element = document.querySelector(selector);
  } catch (e) {
    result.invalid = true;
    return result;
  }
  if (!element) return result;
  result.found = true;

  const box = () => [...element.getClientRects()].find((r) => r.width > 0 && r.height > 0);
  const rect = box();
  result.visible = Boolean(rect) && element.checkVisibility({visibilityProperty: true});
  if (purpose === 'read') {
    const text = element.matches('input, textarea, select') ? element.value :
      element.innerText === undefined ? element.textContent : element.innerText;
    result.text = text.trim();
  }
  if (purpose === 'read' || !result.visible) return result;

  // Points leave and enter this function as fingers know them: from the corner of what is on the screen, which on a page
  // wider than the phone is not the corner of the layout.
  const screen = visualViewport;
  if (purpose === 'enter') { // where the inside of an iframe begins
    const style = getComputedStyle(element);
    const outer = element.getBoundingClientRect();
    result.x = outer.left + element.clientLeft + parseFloat(style.paddingLeft) - screen.offsetLeft;
    result.y = outer.top + element.clientTop + parseFloat(style.paddingTop) - screen.offsetTop;
    return result;
  }

  const inside = () => x >= 0 && y >= 0 && x < screen.width && y < screen.height;
  if (purpose === 'touch') {
    const middle = () => {
      const r = box() || rect;
      x = r.left + r.width / 2 - screen.offsetLeft;
      y = r.top + r.height / 2 - screen.offsetTop;
    };
    middle();
    if (!inside()) {
      element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
      middle();
    }
    result.disabled = element.matches(':disabled') || Boolean(element.closest('[aria-disabled="true"]'));
  } else if (!inside()) {
    scrollBy({left: x - screen.width / 2, top: y - screen.height / 2, behavior: 'instant'}); // the next look finds it
  }
  // Two looks at the same place do not prove that it stands still: what is outside the screen is not animated until it
  // comes in. What pulses for ever counts as still.
  result.moving = document.getAnimations().some((a) => (a.pending || a.playState === 'running') && a.effect &&
    a.effect.target && a.effect.target.contains(element) && Number.isFinite(a.effect.getComputedTiming().endTime));
  result.x = x;
  result.y = y;
  result.offscreen = !inside();
  if (result.offscreen) return result;

  x += screen.offsetLeft;
  y += screen.offsetTop;
  let hit = document.elementFromPoint(x, y);
  while (hit && hit !== element && hit.shadowRoot) {
    const deeper = hit.shadowRoot.elementFromPoint(x, y);
    if (!deeper || deeper === hit) break;
    hit = deeper;
  }
  for (let e = hit; e; e = e.parentNode || e.host) if (e === element) return result;
  const name = (e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') +
    [...e.classList].map((c) => '.' + c).join('');
  result.covered = hit ? name(hit) : 'nothing';
  return result;
}

function (engine) {
  'use strict';
  // What gives an automated Chromium away, or is not there in the browser it plays.
  const hide = (name, get) => Object.defineProperty(Navigator.prototype, name, {get, configurable: true, enumerable: true});
  hide('webdriver', () => false);
  if (!engine.hints) delete Navigator.prototype.userAgentData;
  if (engine.webkit) {
    hide('vendor', () => 'Apple Computer, Inc.');
    delete window.chrome;
  }

  // WeChat has one stack of pages: what would open a window navigates this one instead. An iframe's link leaves the
  // whole page, as it does there.
  const elsewhere = (target) => {
    const name = (target || '').toLowerCase();
    if (name === '' || name === '_self' || name === '_top' || name === '_parent') return false;
    try {
      return window.top[target] === undefined; // an iframe of that name is a place in this window
    } catch (e) {
      return true;
    }
  };
  const base = () => (document.querySelector('base[target]') || {}).target;
  const here = (element) => {
    if (elsewhere(element.getAttribute('target') || base())) element.target = '_top';
  };
  window.addEventListener('click', (event) => {
    const element = event.composedPath()[0];
    const link = element.closest && element.closest('a[href], area[href]');
    if (link) here(link);
  }, true);
  window.addEventListener('submit', (event) => {
    if (event.submitter && event.submitter.formTarget && elsewhere(event.submitter.formTarget)) event.submitter.formTarget = '_top';
    here(event.target);
  }, true);
  const submit = HTMLFormElement.prototype.submit; // fires no submit event
  HTMLFormElement.prototype.submit = function () {
    here(this);
    return submit.call(this);
  };
  const open = window.open;
  window.open = function (url, target, features) {
    if (target && !elsewhere(target)) return open.call(window, url, target, features);
    if (url) window.top.location.href = new URL(url, document.baseURI).href;
    return window.top;
  };
  const write = Document.prototype.open; // with three arguments it is window.open, and what "open" means in an onclick
  Document.prototype.open = function (...args) {
    return args.length > 2 ? window.open(...args) : write.apply(this, args);
  };
  const click = HTMLElement.prototype.click; // of a link outside the page, whose event never comes by
  HTMLElement.prototype.click = function () {
    if (this instanceof HTMLAnchorElement && this.href) here(this);
    return click.call(this);
  };
}

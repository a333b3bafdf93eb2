// Does what the payer of this page was told to do. Whoever is left to click needs no script.
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  var form = byId("decision");

  // The merchant may be told before the payer goes on, which takes a while: one decision, one request.
  var sent = false;
  form.addEventListener("submit", function (e) {
    if (sent) e.preventDefault();
    sent = true;
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", function (e) {
    if (!e.persisted) return;
    sent = false;
    form.removeAttribute("aria-busy");
  });

  var behaviour = document.body.dataset.behaviour;
  if (!behaviour || behaviour === "manual") return;
  var wait = Number(document.body.dataset.wait);
  if (wait > 0) {
    form.hidden = true;
    byId("waiting").hidden = false;
  }
  setTimeout(function () { byId(behaviour === "cancel" ? "cancel" : "pay").click(); }, wait);
})();

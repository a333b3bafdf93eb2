// The wallet's own page: it sends the payer's decision and hands the result to the bridge.
(function () {
  "use strict";
  var body = document.body;
  var byId = function (id) { return document.getElementById(id); };
  var popup = byId("popup");
  var answer = { err_msg: popup.dataset.outcome, err_code: popup.dataset.code, err_desc: popup.dataset.desc };

  var legible = 1200; // milliseconds; long enough to be read in a recording

  // The page that opened the wallet may live anywhere; the result is no secret.
  function finish() { window.parent.postMessage(answer, "*"); }

  function decode(token) {
    var raw = atob(token.replace(/-/g, "+").replace(/_/g, "/"));
    return new TextDecoder().decode(Uint8Array.from(raw, function (c) { return c.charCodeAt(0); }));
  }

  function showPopup(text) {
    byId("sheet").hidden = true;
    byId("popup-text").textContent = text.chinese;
    byId("popup-english").textContent = text.english;
    popup.hidden = false;
    popup.focus();
  }

  // One decision at a time: the answer may wait until the merchant was told.
  function busy(yes) {
    byId("pay").disabled = byId("cancel").disabled = yes;
    byId("sheet").setAttribute("aria-busy", yes);
  }

  function decide(path, then) {
    if (byId("pay").disabled) return;
    busy(true);
    fetch(path, {
      method: "POST",
      credentials: "include",
      headers: { "Content-Type": "application/json" },
      body: decode(body.dataset.token)
    }).then(function (r) { return r.json(); }).then(function (got) {
      answer = got;
      if (got.gone) gone();
      else if (!got.popup) then();
      else {
        showPopup(got.popup);
        if (scripted) setTimeout(finish, legible);
      }
    }).catch(function () {
      busy(false);
      showPopup({ chinese: "网络异常，请重试", english: "The sandbox did not answer; please try again." });
      answer = { err_msg: "get_brand_wcpay_request:fail", err_desc: "no answer" };
    });
  }

  function pay() {
    decide("/wallet/pay", function () {
      if (answer.err_msg !== "get_brand_wcpay_request:ok") return finish();
      byId("sheet").hidden = true;
      byId("paid").hidden = false;
      byId("paid").focus();
      if (scripted) finish();
    });
  }

  // Nothing is handed to the page any more: WeChat is closed.
  function gone() {
    byId("sheet").hidden = true;
    byId("closed").hidden = false;
    byId("closed").focus();
  }

  function wait(milliseconds) {
    byId("pay").hidden = true;
    byId("waiting").hidden = false;
    setTimeout(pay, milliseconds);
  }

  function cancel() { decide("/wallet/cancel", finish); }

  var scripted = body.dataset.behaviour !== "" && body.dataset.behaviour !== "manual";
  byId("dismiss").addEventListener("click", finish);
  if (body.dataset.view === "sheet") {
    byId("pay").addEventListener("click", pay);
    byId("cancel").addEventListener("click", cancel);
    byId("done").addEventListener("click", finish);
    document.addEventListener("keydown", function (e) { if (e.key === "Escape" && popup.hidden && byId("paid").hidden && byId("closed").hidden) cancel(); });
    byId("sheet").focus();
    if (body.dataset.behaviour === "cancel") cancel();
    else if (Number(body.dataset.wait) > 0) wait(Number(body.dataset.wait));
    else if (scripted) pay();
  } else {
    popup.focus();
    if (scripted) setTimeout(finish, legible);
  }
})();

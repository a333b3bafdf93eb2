// The wallet's own page: it sends the payer's decision and hands the result to the bridge.
(function () {
  "use strict";
  var body = document.body;
  var byId = function (id) { return document.getElementById(id); };
  var popup = byId("popup");
  var answer = { err_msg: popup.dataset.outcome, err_code: popup.dataset.code, err_desc: popup.dataset.desc };

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

  function decide(path, then) {
    byId("pay").disabled = true;
    fetch(path, {
      method: "POST",
      credentials: "include",
      headers: { "Content-Type": "application/json" },
      body: decode(body.dataset.token)
    }).then(function (r) { return r.json(); }).then(function (got) {
      answer = got;
      if (!got.popup) then();
      else {
        showPopup(got.popup);
        if (scripted) setTimeout(finish, 1200); // long enough to be read in a recording
      }
    }).catch(function () {
      byId("pay").disabled = false;
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

  function cancel() { decide("/wallet/cancel", finish); }

  var scripted = body.dataset.behaviour !== "" && body.dataset.behaviour !== "manual";
  byId("dismiss").addEventListener("click", finish);
  if (body.dataset.view === "sheet") {
    byId("pay").addEventListener("click", pay);
    byId("cancel").addEventListener("click", cancel);
    byId("done").addEventListener("click", finish);
    document.addEventListener("keydown", function (e) { if (e.key === "Escape" && popup.hidden && byId("paid").hidden) cancel(); });
    byId("sheet").focus();
    if (body.dataset.behaviour === "cancel") cancel();
    else if (scripted) pay();
  } else {
    popup.focus();
  }
})();

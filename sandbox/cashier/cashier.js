// Waits for WeChat's bridge, opens the wallet once, and goes to the merchant's redirect_url
// whatever the result is: arriving there proves nothing.
(function () {
  "use strict";
  var cashier = document.getElementById("cashier");
  var params = JSON.parse(document.getElementById("pay-params").textContent);
  var opened = false;

  function say(state, chinese, english) {
    cashier.dataset.state = state;
    var line = document.getElementById("state");
    line.textContent = chinese + " ";
    var gloss = document.createElement("span");
    gloss.className = "gloss";
    gloss.lang = "en";
    gloss.textContent = english;
    line.appendChild(gloss);
  }

  function leave() { location.href = cashier.dataset.redirect; }

  function pay() {
    if (opened) return;
    opened = true;
    window.WeixinJSBridge.invoke("getBrandWCPayRequest", params, function (result) {
      cashier.dataset.result = result.err_msg;
      if (result.err_msg === "get_brand_wcpay_request:ok") say("ok", "支付完成，正在返回商户…", "Finished, returning to the merchant…");
      else if (result.err_msg === "get_brand_wcpay_request:cancel") say("cancel", "未完成支付，正在返回商户…", "Not paid, returning to the merchant…");
      else say("fail", "支付失败，正在返回商户…", "Payment failed, returning to the merchant…");
      document.getElementById("onward").hidden = false;
      leave();
    });
  }

  document.getElementById("retry").addEventListener("click", function () { location.reload(); });
  if (window.WeixinJSBridge) pay();
  else {
    document.addEventListener("WeixinJSBridgeReady", pay);
    setTimeout(function () {
      if (opened) return;
      say("fail", "微信支付没有响应", "WeChat's bridge did not appear. Is this WeChat's browser?");
      document.getElementById("again").hidden = false;
      document.getElementById("onward").hidden = false;
    }, 5000);
  }
})();

// Signing out ends the session of every tab of the browser: those of the same account hear of it at
// once, instead of at their next question to the server.

const { account } = document.body.dataset;
const channel = new BroadcastChannel("sign-out");

/** The account of this page has signed out; where it `isErasing` what waited on this device, the
    other tabs must not hold it either, and go to `address`. */
export function tellOtherTabs({ isErasing, address }) {
  channel.postMessage({ account, isErasing, address });
}

channel.addEventListener("message", ({ data }) => {
  if (data.account !== account) {
    return;
  }
  if (data.isErasing) {
    document.dispatchEvent(new CustomEvent("signing-out"));
    location.assign(data.address);
  } else {
    document.dispatchEvent(new CustomEvent("signed-out"));
  }
});

// Judges deliveries with the official npm SDK: an array of {body, signature, secret} on standard
// input, an array of the events' ids on standard output, null where the SDK refuses one.
import { readFileSync } from "node:fs";
import Stripe from "stripe";

const stripe = new Stripe("sk_test_unused");
const deliveries = JSON.parse(readFileSync(0, "utf8"));

const judged = deliveries.map(({ body, signature, secret }) => {
  try {
    return stripe.webhooks.constructEvent(body, signature, secret).id;
  } catch (error) {
    if (error.type === "StripeSignatureVerificationError") return null;
    throw error;
  }
});
process.stdout.write(JSON.stringify(judged));

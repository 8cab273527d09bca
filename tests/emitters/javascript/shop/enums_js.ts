// With Amplify's types an enum field takes members, and the names of members.
import { Currency, Money, Product } from "./models/index.js";

const price = new Money({ amount: 1.5, currency: Currency.EUR });
new Product({ title: "", status: "IN_REVIEW", price, tags: ["a"], states: [] });
// @ts-expect-error: the value of a member is not its name
new Product({ title: "", status: "inReview", price, tags: [] });

// With our types an enum field takes the values, which members are.
import { Currency, Money, Product } from "./models/index.js";

const price = new Money({ amount: 1.5, currency: Currency.EUR });
new Product({ title: "", status: "inReview", price, tags: ["a"], states: [] });
// @ts-expect-error: the name of a member is not its value
new Product({ title: "", status: "IN_REVIEW", price, tags: [] });

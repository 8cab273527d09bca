// Compiled against the models of schema.graphql, once as JavaScript with types and once as
// TypeScript. A line under `@ts-expect-error` must not compile, and every other line must.
import { DataStore } from "@aws-amplify/datastore";
import type { AsyncCollection, AsyncItem } from "@aws-amplify/datastore";

import {
  Address,
  Bundle,
  BundleProducts,
  Category,
  Currency,
  Money,
  Product,
  Review,
  Shop,
  Status,
} from "./models/index.js";
import type {
  EagerMoney,
  EagerProduct,
  LazyMoney,
  LazyProduct,
} from "./models/index.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
    ? true
    : false;
const sure = <T extends true>(proof?: T): T | undefined => proof;

const price = new Money({ amount: 1.5, currency: Currency.EUR });
const product = new Product({
  title: "Chair",
  status: Status.IN_REVIEW,
  price,
  tags: [],
});
new Product({ title: "", status: "DRAFT", price, tags: [], states: ["DRAFT"] });
// @ts-expect-error: no value of the enum
new Product({ title: "", status: "LOST", price, tags: [] });
// @ts-expect-error: no member of the enum
export const lost = Status.LOST;

// Required and optional fields, and lists of each nullability.
// @ts-expect-error: a required field is missing
new Product({ status: Status.DRAFT, price, tags: [] });
// @ts-expect-error: a required list is missing
new Product({ title: "", status: Status.DRAFT, price });
// @ts-expect-error: a required field is null
new Product({ title: null, status: Status.DRAFT, price, tags: [] });
// @ts-expect-error: there is no such field
new Product({ title: "", status: "DRAFT", price, tags: [], colour: "red" });
// @ts-expect-error: a number where text belongs
new Product({ title: 1, status: "DRAFT", price, tags: [] });
// @ts-expect-error: items of this list are required
new Product({ title: "", status: "DRAFT", price, tags: [null] });
new Product({
  title: "",
  status: "DRAFT",
  price,
  tags: [],
  stock: null,
  ratings: [1, null],
  sold: true,
  seen: 1700000000,
  meta: "{}",
  homepage: "https://example.com",
  class: "A",
  default: 1,
});

// Fields that only the backend sets.
// @ts-expect-error: a read-only field under a name of its own
new Product({ title: "", status: "DRAFT", price, tags: [], listedOn: "" });
// @ts-expect-error: a managed identifier
new Product({ id: "1", title: "", status: "DRAFT", price, tags: [] });
sure<Equal<Product["listedOn"], string | null | undefined>>();

// Custom types.
new Money({ amount: 1, currency: "USD", history: [price, null] });
// @ts-expect-error: a custom type has required fields as well
new Money({ amount: 1 });
// @ts-expect-error: and no others
new Money({ amount: 1, currency: "USD", symbol: "$" });
sure<Equal<EagerMoney, LazyMoney>>();
sure<Equal<Money, EagerMoney>>();

// Copies: drafts can be changed, instances and keys cannot.
Product.copyOf(product, (draft) => {
  draft.title = "Table";
  draft.status = Status.SOLD_OUT;
  draft.stock = null;
  draft.shop = null;
  // @ts-expect-error: a wrong value
  draft.status = "LOST";
  // @ts-expect-error: the identifier
  draft.id = "2";
  // @ts-expect-error: a read-only field
  draft.updatedAt = "";
});
// @ts-expect-error: instances do not change
product.title = "Table";
// @ts-expect-error: another model
Product.copyOf(price, () => undefined);

// Identifiers: managed (Product), optional (Review), custom (Shop), composite (Address).
new Review({ text: "Good", product });
new Review({ id: "1", text: "Good", product });
const address = new Address({ country: "DE", zip: 12345, door: "1" });
// @ts-expect-error: part of the key is missing
new Address({ country: "DE", zip: 12345 });
const place = {
  shopAddressCountry: "DE",
  shopAddressZip: 12345,
  shopAddressDoor: "1",
};
const shop = new Shop({ email: "a@example.com", address, ...place });
// @ts-expect-error: the key is missing
new Shop({ address, ...place });
Address.copyOf(address, (draft) => {
  // @ts-expect-error: part of the key
  draft.zip = 1;
});
export const queries = [
  DataStore.query(Product, "id"),
  DataStore.query(Shop, "a@example.com"),
  DataStore.query(Address, { country: "DE", zip: 12345, door: "1" }),
  // @ts-expect-error: a key of three parts is no text
  DataStore.query(Address, "DE"),
  DataStore.query(Product, (one) => one.title.beginsWith("C")),
  DataStore.query(Product, (one) => one.reviews.text.contains("good")),
  // @ts-expect-error: there is no such field
  DataStore.query(Product, (one) => one.colour.eq("red")),
  DataStore.save(product),
  DataStore.save(shop),
  DataStore.delete(Bundle, "id"),
  DataStore.observe(Category),
];

// Relations: lazy where DataStore loads lazily, as it does, and eager in the eager types.
sure<Equal<Product, LazyProduct>>();
sure<Equal<LazyProduct["reviews"], AsyncCollection<Review>>>();
sure<Equal<LazyProduct["shop"], AsyncItem<Shop | undefined>>>();
sure<Equal<Review["product"], AsyncItem<Product>>>();
sure<Equal<EagerProduct["reviews"], (Review | null)[] | null | undefined>>();
sure<Equal<EagerProduct["shop"], Shop | null | undefined>>();
// @ts-expect-error: a required relation is missing
new Review({ text: "Good" });
export async function relations(): Promise<string[]> {
  const reviews = await product.reviews.toArray();
  const owner = await product.shop;
  // @ts-expect-error: there may be none
  const email: string = (await product.shop).email;
  const parents = new Category({
    name: "Chairs",
    parent: new Category({ name: "Furniture" }),
  });
  for await (const child of parents.children) reviews.push(child as never);
  return [...reviews.map((one) => one.text), owner?.email ?? email];
}

// Many to many goes through a model of its own.
const bundle = new Bundle({ name: "Set" });
new BundleProducts({ bundle, product });
// @ts-expect-error: one side is missing
new BundleProducts({ bundle });

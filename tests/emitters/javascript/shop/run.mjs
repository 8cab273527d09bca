// Builds, copies and validates instances of the models in the folder that is named.
globalThis.window = globalThis; // DataStore asks it for the network, as it does in browsers
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

import { DataStore } from "@aws-amplify/datastore";

const models = await import(pathToFileURL(process.argv[2]).href);
const { Address, Bundle, BundleProducts, Category, Currency, Money } = models;
const { Product, Review, Shop, Status } = models;

assert.deepEqual(
  Object.keys(models).sort(),
  "Address Bundle BundleProducts Category Currency Money Product Review Shop Status".split(" "),
);
assert.deepEqual(
  { ...Status },
  { DRAFT: "DRAFT", IN_REVIEW: "inReview", SOLD_OUT: "sold_out" },
);

const now = "2024-02-03T04:05:06Z";
const price = new Money({ amount: 1.5, currency: Currency.EUR });
const init = { title: "Chair", status: Status.DRAFT, price, tags: ["a"] };
const product = new Product({ ...init, ratings: [1, null], class: "A" });
assert.equal(product.title, "Chair");
assert.match(product.id, /^[0-9a-f-]{36}$/);
assert.equal(product.class, "A");
assert.equal(product.stock, null);

const copy = Product.copyOf(product, (draft) => {
  draft.title = "Table";
  draft.id = "ignored";
});
assert.equal(copy.title, "Table");
assert.equal(copy.id, product.id);
assert.equal(product.title, "Chair");

assert.throws(() => new Product({ ...init, title: null }), /title is required/);
assert.throws(() => new Product({ ...init, tags: null }), /tags is required/);
assert.throws(() => new Product({ ...init, stock: "many" }), /stock should be of type number/);
assert.throws(() => new Product({ ...init, homepage: "nowhere" }), /homepage.*AWSURL/);
assert.throws(() => new Product({ ...init, listedOn: now }), /listedOn is read-only/);
assert.throws(() => new Product({ ...init, price: { amount: "1" } }), /amount/);
assert.throws(
  () => Product.copyOf(product, (draft) => void (draft.updatedAt = now)),
  /updatedAt is read-only/,
);

assert.equal(new Review({ id: "mine", text: "", product }).id, "mine");
assert.match(new Review({ text: "", product }).id, /^[0-9a-f-]{36}$/);

const address = new Address({ country: "DE", zip: 12345, door: "1" });
const moved = Address.copyOf(address, (draft) => void (draft.zip = 1));
assert.equal(moved.zip, 12345);
assert.equal(address.id, undefined);
const shop = new Shop({ email: "a@example.com", address });
assert.equal(shop.id, undefined);
assert.throws(() => new Shop({ email: "", address }), /empty string/);

// Relations: kept by their foreign keys, and loaded from DataStore's own storage when asked for.
assert.equal(shop.shopAddressZip, 12345);
const review = new Review({ text: "Good", product });
assert.equal(review.productReviewsId, product.id);
await assert.rejects(DataStore.save({ ...review }), /valid/);
for (const one of [address, shop, product, review]) await DataStore.save(one);
const found = await DataStore.query(Product, (one) => one.reviews.text.eq("Good"));
assert.deepEqual(found.map((one) => one.id), [product.id]);
const [only] = await found[0].reviews.toArray();
assert.equal(only.text, "Good");
assert.equal((await only.product).title, "Chair");
const place = { country: "DE", zip: 12345, door: "1" };
const [owner] = await DataStore.query(Shop);
assert.equal((await owner.address).door, (await DataStore.query(Address, place)).door);
assert.deepEqual(await owner.products.toArray(), []);

const furniture = await DataStore.save(new Category({ name: "Furniture" }));
await DataStore.save(new Category({ name: "Chairs", parent: furniture }));
const stored = await DataStore.query(Category, furniture.id);
assert.deepEqual((await stored.children.toArray()).map((one) => one.name), ["Chairs"]);
const bundle = await DataStore.save(new Bundle({ name: "Set" }));
await DataStore.save(new BundleProducts({ bundle, product }));
const [pair] = await (await DataStore.query(Bundle, bundle.id)).products.toArray();
assert.equal((await pair.product).id, product.id);

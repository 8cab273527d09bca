// @ts-check
import { initSchema } from '@aws-amplify/datastore';
import { schema } from './schema';

const Status = {
  "DRAFT": "DRAFT",
  "IN_REVIEW": "inReview"
};

const Currency = {
  "EUR": "EUR",
  "USD": "USD"
};

const { Product, Review, Shop, Address, Bundle, Money } = initSchema(schema);

export {
  Product,
  Review,
  Shop,
  Address,
  Bundle,
  Status,
  Currency,
  Money
};
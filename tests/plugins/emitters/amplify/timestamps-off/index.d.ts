import { ModelInit, MutableModel, __modelMeta__, ManagedIdentifier, OptionallyManagedIdentifier, CustomIdentifier, CompositeIdentifier } from "@aws-amplify/datastore";
// @ts-ignore
import { LazyLoading, LazyLoadingDisabled, AsyncCollection, AsyncItem } from "@aws-amplify/datastore";

export enum Status {
  DRAFT = "DRAFT",
  IN_REVIEW = "inReview"
}

export enum Currency {
  EUR = "EUR",
  USD = "USD"
}

type EagerMoney = {
  readonly amount: number;
  readonly currency: Currency | keyof typeof Currency;
  readonly history?: (Money | null)[] | null;
  readonly shop?: Shop | null;
}

type LazyMoney = {
  readonly amount: number;
  readonly currency: Currency | keyof typeof Currency;
  readonly history?: (Money | null)[] | null;
  readonly shop: AsyncItem<Shop | undefined>;
}

export declare type Money = LazyLoading extends LazyLoadingDisabled ? EagerMoney : LazyMoney

export declare const Money: (new (init: ModelInit<Money>) => Money)

type EagerProduct = {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<Product, 'id'>;
  };
  readonly id: string;
  readonly title: string;
  readonly status: Status | keyof typeof Status;
  readonly states?: (Status | null)[] | Array<keyof typeof Status> | null;
  readonly pastStates: Status[] | Array<keyof typeof Status>;
  readonly price: Money;
  readonly discounts?: Money[] | null;
  readonly tags: string[];
  readonly ratings?: (number | null)[] | null;
  readonly sold?: boolean | null;
  readonly seen?: number | null;
  readonly meta?: string | null;
  readonly reviews?: (Review | null)[] | null;
  readonly shop?: Shop | null;
  readonly bundles?: (BundleProducts | null)[] | null;
  readonly shopProductsEmail?: string | null;
}

type LazyProduct = {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<Product, 'id'>;
  };
  readonly id: string;
  readonly title: string;
  readonly status: Status | keyof typeof Status;
  readonly states?: (Status | null)[] | Array<keyof typeof Status> | null;
  readonly pastStates: Status[] | Array<keyof typeof Status>;
  readonly price: Money;
  readonly discounts?: Money[] | null;
  readonly tags: string[];
  readonly ratings?: (number | null)[] | null;
  readonly sold?: boolean | null;
  readonly seen?: number | null;
  readonly meta?: string | null;
  readonly reviews: AsyncCollection<Review>;
  readonly shop: AsyncItem<Shop | undefined>;
  readonly bundles: AsyncCollection<BundleProducts>;
  readonly shopProductsEmail?: string | null;
}

export declare type Product = LazyLoading extends LazyLoadingDisabled ? EagerProduct : LazyProduct

export declare const Product: (new (init: ModelInit<Product>) => Product) & {
  copyOf(source: Product, mutator: (draft: MutableModel<Product>) => MutableModel<Product> | void): Product;
}

type EagerReview = {
  readonly [__modelMeta__]: {
    identifier: OptionallyManagedIdentifier<Review, 'id'>;
  };
  readonly id: string;
  readonly text: string;
  readonly product: Product;
  readonly productReviewsId?: string | null;
}

type LazyReview = {
  readonly [__modelMeta__]: {
    identifier: OptionallyManagedIdentifier<Review, 'id'>;
  };
  readonly id: string;
  readonly text: string;
  readonly product: AsyncItem<Product>;
  readonly productReviewsId?: string | null;
}

export declare type Review = LazyLoading extends LazyLoadingDisabled ? EagerReview : LazyReview

export declare const Review: (new (init: ModelInit<Review>) => Review) & {
  copyOf(source: Review, mutator: (draft: MutableModel<Review>) => MutableModel<Review> | void): Review;
}

type EagerShop = {
  readonly [__modelMeta__]: {
    identifier: CustomIdentifier<Shop, 'email'>;
  };
  readonly email: string;
  readonly products: Product[];
  readonly address: Address;
  readonly shopAddressCountry: string;
  readonly shopAddressZip: number;
}

type LazyShop = {
  readonly [__modelMeta__]: {
    identifier: CustomIdentifier<Shop, 'email'>;
  };
  readonly email: string;
  readonly products: AsyncCollection<Product>;
  readonly address: AsyncItem<Address>;
  readonly shopAddressCountry: string;
  readonly shopAddressZip: number;
}

export declare type Shop = LazyLoading extends LazyLoadingDisabled ? EagerShop : LazyShop

export declare const Shop: (new (init: ModelInit<Shop>) => Shop) & {
  copyOf(source: Shop, mutator: (draft: MutableModel<Shop>) => MutableModel<Shop> | void): Shop;
}

type EagerAddress = {
  readonly [__modelMeta__]: {
    identifier: CompositeIdentifier<Address, ['country', 'zip']>;
  };
  readonly country: string;
  readonly zip: number;
  readonly shop?: Shop | null;
  readonly addressShopEmail?: string | null;
}

type LazyAddress = {
  readonly [__modelMeta__]: {
    identifier: CompositeIdentifier<Address, ['country', 'zip']>;
  };
  readonly country: string;
  readonly zip: number;
  readonly shop: AsyncItem<Shop | undefined>;
  readonly addressShopEmail?: string | null;
}

export declare type Address = LazyLoading extends LazyLoadingDisabled ? EagerAddress : LazyAddress

export declare const Address: (new (init: ModelInit<Address>) => Address) & {
  copyOf(source: Address, mutator: (draft: MutableModel<Address>) => MutableModel<Address> | void): Address;
}

type EagerBundle = {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<Bundle, 'id'>;
  };
  readonly id: string;
  readonly products?: (BundleProducts | null)[] | null;
}

type LazyBundle = {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<Bundle, 'id'>;
  };
  readonly id: string;
  readonly products: AsyncCollection<BundleProducts>;
}

export declare type Bundle = LazyLoading extends LazyLoadingDisabled ? EagerBundle : LazyBundle

export declare const Bundle: (new (init: ModelInit<Bundle>) => Bundle) & {
  copyOf(source: Bundle, mutator: (draft: MutableModel<Bundle>) => MutableModel<Bundle> | void): Bundle;
}

type EagerBundleProducts = {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<BundleProducts, 'id'>;
  };
  readonly id: string;
  readonly productId?: string | null;
  readonly bundleId?: string | null;
  readonly product: Product;
  readonly bundle: Bundle;
}

type LazyBundleProducts = {
  readonly [__modelMeta__]: {
    identifier: ManagedIdentifier<BundleProducts, 'id'>;
  };
  readonly id: string;
  readonly productId?: string | null;
  readonly bundleId?: string | null;
  readonly product: AsyncItem<Product>;
  readonly bundle: AsyncItem<Bundle>;
}

export declare type BundleProducts = LazyLoading extends LazyLoadingDisabled ? EagerBundleProducts : LazyBundleProducts

export declare const BundleProducts: (new (init: ModelInit<BundleProducts>) => BundleProducts) & {
  copyOf(source: BundleProducts, mutator: (draft: MutableModel<BundleProducts>) => MutableModel<BundleProducts> | void): BundleProducts;
}
import { ModelInit, MutableModel } from "@aws-amplify/datastore";
// @ts-ignore
import { LazyLoading, LazyLoadingDisabled, AsyncItem } from "@aws-amplify/datastore";

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

type ProductMetaData = {
  readOnlyFields: 'listedOn' | 'updatedAt';
}

type ReviewMetaData = {
  readOnlyFields: 'createdAt' | 'updatedAt';
}

type ShopMetaData = {
  readOnlyFields: 'createdAt' | 'updatedAt';
}



type BundleMetaData = {
  readOnlyFields: 'createdAt' | 'updatedAt';
}

type EagerProduct = {
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
  readonly listedOn?: string | null;
  readonly updatedAt?: string | null;
}

type LazyProduct = {
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
  readonly listedOn?: string | null;
  readonly updatedAt?: string | null;
}

export declare type Product = LazyLoading extends LazyLoadingDisabled ? EagerProduct : LazyProduct

export declare const Product: (new (init: ModelInit<Product, ProductMetaData>) => Product) & {
  copyOf(source: Product, mutator: (draft: MutableModel<Product, ProductMetaData>) => MutableModel<Product, ProductMetaData> | void): Product;
}

type EagerReview = {
  readonly id: string;
  readonly text: string;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
}

type LazyReview = {
  readonly id: string;
  readonly text: string;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
}

export declare type Review = LazyLoading extends LazyLoadingDisabled ? EagerReview : LazyReview

export declare const Review: (new (init: ModelInit<Review, ReviewMetaData>) => Review) & {
  copyOf(source: Review, mutator: (draft: MutableModel<Review, ReviewMetaData>) => MutableModel<Review, ReviewMetaData> | void): Review;
}

type EagerShop = {
  readonly id: string;
  readonly email: string;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
}

type LazyShop = {
  readonly id: string;
  readonly email: string;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
}

export declare type Shop = LazyLoading extends LazyLoadingDisabled ? EagerShop : LazyShop

export declare const Shop: (new (init: ModelInit<Shop, ShopMetaData>) => Shop) & {
  copyOf(source: Shop, mutator: (draft: MutableModel<Shop, ShopMetaData>) => MutableModel<Shop, ShopMetaData> | void): Shop;
}

type EagerAddress = {
  readonly id: string;
  readonly country: string;
  readonly zip: number;
}

type LazyAddress = {
  readonly id: string;
  readonly country: string;
  readonly zip: number;
}

export declare type Address = LazyLoading extends LazyLoadingDisabled ? EagerAddress : LazyAddress

export declare const Address: (new (init: ModelInit<Address>) => Address) & {
  copyOf(source: Address, mutator: (draft: MutableModel<Address>) => MutableModel<Address> | void): Address;
}

type EagerBundle = {
  readonly id: string;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
}

type LazyBundle = {
  readonly id: string;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
}

export declare type Bundle = LazyLoading extends LazyLoadingDisabled ? EagerBundle : LazyBundle

export declare const Bundle: (new (init: ModelInit<Bundle, BundleMetaData>) => Bundle) & {
  copyOf(source: Bundle, mutator: (draft: MutableModel<Bundle, BundleMetaData>) => MutableModel<Bundle, BundleMetaData> | void): Bundle;
}